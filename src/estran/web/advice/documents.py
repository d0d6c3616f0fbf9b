"""What a person answered to advice, and which offers are missing, as sealed documents."""

from __future__ import annotations

from dataclasses import dataclass

from estran.coach.recurring import Recurring
from estran.journal import Place
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

REFUSED = "advice-refused"
"""What is not possible for whom, and why; not proposed again. By usual trip."""
MISSING = "missing-offer"
"""What the person agreed to tell the territory, by usual trip and way."""

COARSE_DEG = 0.02
"""Places of a missing offer are the middle of cells of 2.2 km north to south. [°]"""


@dataclass(frozen=True, slots=True)
class Refused:
    """One way that is not possible for a person. ``day`` is a proleptic ordinal."""

    way: str
    why: str
    told: str
    day: int


@dataclass(frozen=True, slots=True)
class MissingOffer:
    """An offer that is missing, as the territory may come to know it: blurred.

    Parameters
    ----------
    way, why : str
    origin, destination : (float, float)
        Middles of cells of :data:`COARSE_DEG`. [°]
    weekdays : tuple of int
        Days on which the trip is usual, Monday 0.
    hour : int
        Whole local hour at which it begins.
    per_week : int
        Trips a week, rounded.
    is_shareable : bool
        The person agreed; nothing leaves the vault without a consent beside.
    """

    way: str
    why: str
    origin: tuple[float, float]
    destination: tuple[float, float]
    weekdays: tuple[int, ...]
    hour: int
    per_week: int
    is_shareable: bool = True


def read_refused(vault: OpenVault) -> dict[str, tuple[Refused, ...]]:
    """Read what is not possible, by usual trip."""
    return {i: decode(record, tuple[Refused, ...]) for i, record in vault.docs(REFUSED)}


def refuse(vault: OpenVault, usual: Recurring, refused: Refused, *, tells: bool) -> None:
    """Keep that a way is not possible; tell of the missing offer only if the person agrees."""
    with vault.transaction():
        others = _others(vault, usual.id, refused.way)
        vault.put_doc(REFUSED, usual.id, encode((*others, refused)))
        vault.delete_doc(MISSING, f"{usual.id}-{refused.way}")
        if tells:
            offer = _offer(usual, refused)
            vault.put_doc(MISSING, f"{usual.id}-{refused.way}", encode(offer))


def allow(vault: OpenVault, usual_id: str, way: str) -> None:
    """Forget that a way is not possible, and the missing offer with it."""
    with vault.transaction():
        others = _others(vault, usual_id, way)
        if others:
            vault.put_doc(REFUSED, usual_id, encode(others))
        else:
            vault.delete_doc(REFUSED, usual_id)
        vault.delete_doc(MISSING, f"{usual_id}-{way}")


@dataclass(frozen=True, slots=True)
class Answered:
    """All that a person answered: what is refused by usual trip, and what is to be told.

    ``told`` names missing offers: usual trip, hyphen, way.
    """

    refused: dict[str, tuple[Refused, ...]]
    told: frozenset[str]


def read_answered(vault: OpenVault) -> Answered:
    """Read all that a person answered."""
    return Answered(read_refused(vault), frozenset(vault.doc_ids(MISSING)))


def _others(vault: OpenVault, usual_id: str, way: str) -> tuple[Refused, ...]:
    record = vault.get_doc(REFUSED, usual_id)
    kept = () if record is None else decode(record, tuple[Refused, ...])
    return tuple(one for one in kept if one.way != way)


def _offer(usual: Recurring, refused: Refused) -> MissingOffer:
    often = 0.1 * len(usual.trips)
    return MissingOffer(
        refused.way,
        refused.why,
        _coarse(usual.origin),
        _coarse(usual.destination),
        tuple(day for day, n in enumerate(usual.weekdays) if n >= often),
        int(usual.starts_h),
        max(1, round(usual.n_per_week)),
    )


def _coarse(place: Place) -> tuple[float, float]:
    lat, lon = (
        round((value // COARSE_DEG + 0.5) * COARSE_DEG, 4)
        for value in (place.lat_deg, place.lon_deg)
    )
    return lat, lon
