"""Lists of stations as values, and as the bytes that are kept of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

VERSION = b"ESTRAN-STATIONS-1\n"


class Kind(StrEnum):
    """What stops there."""

    TRAIN = "train"
    STOP = "stop"
    """A stop of whatever a feed has: buses, trams, ferries."""
    AIRPORT = "airport"
    PLACE = "place"


class Station(msgspec.Struct, frozen=True, array_like=True):
    """One station; ``code`` is UIC, IATA or the feed's own, ``""`` when unknown.

    ``weight`` tells which of several of one name is meant more often: larger first.
    """

    name: str
    lat_deg: float
    lon_deg: float
    kind: Kind
    code: str = ""
    town: str = ""
    weight: int = 0

    def __repr__(self) -> str:
        """Hide the coordinates."""
        return f"Station({self.kind.value})"


class StationList(msgspec.Struct, frozen=True, array_like=True):
    """What one file holds, and how it wants to be named."""

    stations: tuple[Station, ...]
    source: str = ""
    """Whom to name: the publisher of the data."""
    licence: str = ""
    n_left_out: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StationList)


def to_bytes(stations: StationList) -> bytes:
    """Write a list."""
    return VERSION + _encoder.encode(stations)


def from_bytes(content: bytes) -> StationList:
    """Read a list.

    Raises
    ------
    ValueError
        It is none, or damaged.
    """
    if not content.startswith(VERSION):
        msg = "no list of stations"
        raise ValueError(msg)
    return _decoder.decode(content[len(VERSION) :])
