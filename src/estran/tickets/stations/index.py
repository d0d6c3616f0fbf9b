"""Find a station by what somebody writes of its name: without accents, from its beginnings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from estran.geo.distance import distance_m
from estran.tickets.stations.values import Kind, Station
from estran.tickets.words import folded, telling

SAME_NAME_M = 1_500.0
"""Two of one name and kind nearer than this are one station in two lists."""

_MOST_LOOKED_AT = 4_000
"""A beginning that more words share says too little: the shorter lists decide."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to, best first; ``is_sure`` tells that the first is meant."""

    stations: tuple[Station, ...] = ()
    is_sure: bool = False


class Places:
    """Stations of several lists, ready to be searched.

    Parameters
    ----------
    lists : iterable of sequence of Station
        Earlier lists win where two tell of one station.

    Examples
    --------
    >>> rochelle = Station("La Rochelle Ville", 46.1527, -1.1455, Kind.TRAIN, "87485003")
    >>> poitiers = Station("Poitiers", 46.5822, 0.3332, Kind.TRAIN)
    >>> places = Places([[rochelle, poitiers]])
    >>> [s.name for s in places.search("rochel")], places.find("gare de LA ROCHELLE").is_sure
    (['La Rochelle Ville'], True)
    """

    def __init__(self, lists: Iterable[Sequence[Station]]) -> None:
        self._stations: list[Station] = []
        self._names: list[str] = []
        self._rows_of: dict[str, list[int]] = {}
        self._codes: dict[str, int] = {}
        by_word: dict[str, list[int]] = {}
        for station in (station for one in lists for station in one):
            self._add(station, by_word)
        self._words = sorted(by_word)
        self._of_word = [by_word[word] for word in self._words]

    def _add(self, station: Station, by_word: dict[str, list[int]]) -> None:
        name = folded(station.name)
        if not name or self._is_known(name, station):
            return
        row = len(self._stations)
        self._stations.append(station)
        self._names.append(name)
        self._rows_of.setdefault(name, []).append(row)
        if station.code:
            self._codes.setdefault(station.code.lower(), row)
        for word in {*name.split(), *folded(station.town).split()}:
            by_word.setdefault(word, []).append(row)

    def _is_known(self, name: str, station: Station) -> bool:
        return any(
            (other := self._stations[row]).kind is station.kind
            and distance_m(other.lat_deg, other.lon_deg, station.lat_deg, station.lon_deg)
            < SAME_NAME_M
            for row in self._rows_of.get(name, ())
        )

    def __len__(self) -> int:
        """Count the stations."""
        return len(self._stations)

    def search(
        self, text: str, *, kinds: frozenset[Kind] = frozenset(), n_most: int = 12
    ) -> tuple[Station, ...]:
        """Give the stations whose names have words that begin so, the likeliest first."""
        wanted = folded(text)
        if not wanted:
            return ()
        rows = self._with_all(telling(wanted))
        code = self._codes.get(text.strip().lower())
        if code is not None:
            rows.add(code)
        chosen = [row for row in rows if not kinds or self._stations[row].kind in kinds]
        chosen.sort(key=lambda row: (row != code, *self._rank(row, wanted)))
        return tuple(self._stations[row] for row in chosen[:n_most])

    def find(self, text: str, *, kinds: frozenset[Kind] = frozenset()) -> Found:
        """Tell which station a written name means, and whether that is sure.

        Sure is a name that is written whole; one of which only one station, or one far
        weightier than the others, has all words.
        """
        best = self.search(text, kinds=kinds)
        if not best:
            return Found()
        wanted = folded(text)
        names = [folded(station.name) for station in best]
        whole = [k for k, name in enumerate(names) if _alike(name, wanted)]
        code = best[0].code.lower() == text.strip().lower() != ""
        return Found(best, code or len(whole) == 1 or len(best) == 1)

    def _with_all(self, words: Sequence[str]) -> set[int]:
        rows: set[int] | None = None
        for word in sorted(words, key=len, reverse=True):
            these = self._beginning_with(word)
            rows = these if rows is None else rows & these
            if not rows:
                return set()
        return rows or set()

    def _beginning_with(self, word: str) -> set[int]:
        first = bisect_left(self._words, word)
        rows: set[int] = set()
        for k in range(first, len(self._words)):
            if not self._words[k].startswith(word) or len(rows) > _MOST_LOOKED_AT:
                break
            rows.update(self._of_word[k])
        return rows

    def _rank(self, row: int, wanted: str) -> tuple[bool, bool, int, int, str]:
        station, name = self._stations[row], self._names[row]
        bare = " ".join(telling(name))
        begins = name.startswith(wanted) or bare.startswith(" ".join(telling(wanted)))
        return not _alike(name, wanted), not begins, -station.weight, len(name), name


def _alike(name: str, wanted: str) -> bool:
    return name == wanted or telling(name) == telling(wanted)
