"""What a person said of their sources: which to believe first, which not to use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from estran.trace import Source, Stream


@dataclass(frozen=True, slots=True)
class Preference:
    """A person's word on their sources, by their keys.

    Parameters
    ----------
    order : tuple of str
        Sources to believe before all others, the first first. Sources that are not in it are
        judged by what they hold, as without any order.
    unused : tuple of str
        Sources that are kept and have no say.

    Examples
    --------
    >>> Preference().digest, len(Preference(order=("gpx/a",)).digest)
    ('', 12)
    """

    order: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Name what was said by twelve hexadecimal digits; ``""`` where nothing was."""
        if not self.order and not self.unused:
            return ""
        told = repr((self.order, tuple(sorted(set(self.unused)))))
        return hashlib.sha256(told.encode()).hexdigest()[:12]


NO_PREFERENCE = Preference()


def ranks(preference: Preference, sources: Sequence[Source]) -> list[int]:
    """Give each source its rank: 0 without any, else the higher the more it is preferred."""
    n = len(preference.order)
    at = {key: n - row for row, key in reversed(list(enumerate(preference.order)))}
    return [at.get(source.key, 0) for source in sources]


def lifted(preference: Preference, sources: Sequence[Source]) -> list[bool]:
    """Tell which sources move as good as recorded ones do, though they are thinned.

    Movement of a thinned path counts for nothing by itself: providers draw paths through
    silence. It counts where the person put the path before every recorded source.
    """
    told = ranks(preference, sources)
    best = max(
        (rank for rank, s in zip(told, sources, strict=True) if s.stream <= Stream.RAW), default=0
    )
    return [rank > best for rank in told]
