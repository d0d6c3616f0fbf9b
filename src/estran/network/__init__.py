"""Lines and stops around, loaded to help tell modes (docs/algorithms/network.md)."""

from estran.network.following import Followed, Walked, follow
from estran.network.index import LaidNetwork, lay
from estran.network.values import (
    LINE_MODES,
    NO_NETWORK,
    Line,
    Network,
    from_bytes,
    network_of,
    to_bytes,
    united,
)

__all__ = [
    "LINE_MODES",
    "NO_NETWORK",
    "Followed",
    "LaidNetwork",
    "Line",
    "Network",
    "Walked",
    "follow",
    "from_bytes",
    "lay",
    "network_of",
    "to_bytes",
    "united",
]
