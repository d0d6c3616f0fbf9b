"""What each journal page shows, composed from values: no database, no request, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isnan

from estran.coach.summary import ACTIVE
from estran.journal import Entry, Journal, Leg, Place, Stay, Trip, Unknown
from estran.timebase import local_day
from estran.travel import Co2e, Mark, Mode
from estran.web.me.drawing import DASHES, drawing, letter_at, letters_of
from estran.web.me.words import ASK_BELOW_SHARE, MODES, QUALITIES, UNKNOWNS, Words

N_PROPOSED = 5
"""Modes proposed first when correcting: one thumb's reach on a phone."""

N_ANSWERS = 3
"""Answers offered to a question: what a glance takes in."""

ANSWER_SHARE = 0.12
"""A third answer less probable than one in eight would only be in the way."""

NOT_CHOSEN = frozenset({Mode.UNKNOWN, Mode.WAIT})
"""What nobody says of a leg that moved."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A mode that a person may choose for a leg."""

    key: str
    label: str
    share: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class LegPage:
    """One leg as a line of the journal."""

    anchor: str
    key: str
    label: str
    start: str
    end: str
    distance: str
    duration: str
    co2e: str
    dash: str
    started_us: int
    ended_us: int
    is_wait: bool
    asks: bool
    corrected: bool
    probability: str
    chance: str = ""
    """How probable the mode is, in a word."""
    question: str = ""
    answers: tuple[Choice, ...] = ()
    """What a doubtful leg asks, to be answered by one tap."""
    proposed: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()
    reasons: tuple[str, ...] = ()
    correction: str = ""
    cost: str = ""


@dataclass(frozen=True, slots=True)
class StayPage:
    """Time at one place."""

    start: str
    start_day: str
    end: str
    duration: str
    letter: str
    place: str
    kind: str = "stay"


@dataclass(frozen=True, slots=True)
class UnknownPage:
    """Time of which nothing is known."""

    start: str
    start_day: str
    end: str
    duration: str
    why: str
    kind: str = "unknown"


@dataclass(frozen=True, slots=True)
class TripPage:
    """A trip with its legs."""

    anchor: str
    start: str
    start_day: str
    end: str
    origin: str
    destination: str
    distance: str
    duration: str
    co2e: str
    co2e_interval: str
    quality: str
    quality_why: str
    well_seen: bool
    legs: tuple[LegPage, ...]
    kind: str = "trip"
    started_us: int = 0
    purpose: str = ""
    purpose_is_said: bool = False
    is_private: bool = False


EntryPage = StayPage | TripPage | UnknownPage


@dataclass(frozen=True, slots=True)
class Sums:
    """What a period amounts to, in words."""

    n_trips: int
    distance: str
    duration: str
    co2e: str
    co2e_interval: str
    own_power: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of the journal."""

    day: date
    title: str
    previous: date
    following: date
    entries: tuple[EntryPage, ...] = ()
    sums: Sums | None = None
    n_asks: int = 0
    drawing: dict[str, object] = field(default_factory=dict)


def day_page(
    journal: Journal,
    day: date,
    *,
    words: Words,
    corrections: Sequence[tuple[str, int, int]] = (),
) -> DayPage:
    """Compose the page of one local day.

    Parameters
    ----------
    journal : Journal
        Entries that overlap the day, corrected and priced.
    day : date
        Local day, as lived.
    words : Words
        The reader's language.
    corrections : sequence of (id, start_us, end_us)
        What the person said, so that each can be taken back.

    Returns
    -------
    DayPage
        Without entries when nothing is known of the day.
    """
    letters = letters_of(journal.entries)
    entries = tuple(
        _entry(e, day, words=words, letters=letters, corrections=corrections)
        for e in journal.entries
    )
    n_asks = sum(leg.asks for e in entries if isinstance(e, TripPage) for leg in e.legs)
    return DayPage(
        day=day,
        title=words.day(day),
        previous=day - timedelta(days=1),
        following=day + timedelta(days=1),
        entries=entries,
        sums=sums(journal.trips, words=words) if journal.trips else None,
        n_asks=n_asks,
        drawing=drawing(journal, letters=letters, words=words),
    )


def sums(trips: Iterable[Trip], *, words: Words) -> Sums:
    """Add up trips; own power counts what legs and pedals did."""
    trips = tuple(trips)
    estimates = [trip.co2e for trip in trips]
    co2e = _total(estimates)
    own_m = sum(leg.distance_m for trip in trips for leg in trip.legs if leg.mode in ACTIVE)
    return Sums(
        n_trips=len(trips),
        distance=words.distance(sum(trip.distance_m for trip in trips)),
        duration=words.duration(sum(trip.duration_s for trip in trips)),
        co2e=words.co2e(co2e),
        co2e_interval=words.co2e_interval(co2e) if co2e else "",
        own_power=words.distance(own_m) if own_m else "",
    )


def trip_page(trip: Trip, *, words: Words) -> TripPage:
    """Compose a trip that stands alone."""
    day = local_day(trip.started_us, trip.tz)
    page = _entry(trip, day, words=words, letters=(), corrections=())
    if not isinstance(page, TripPage):
        msg = "not a trip"
        raise TypeError(msg)
    return page


def _total(estimates: Iterable[Co2e | None]) -> Co2e | None:
    total: Co2e | None = None
    for co2e in estimates:
        if co2e is None:
            return None
        total = co2e if total is None else total + co2e
    return total


def _other_day(time_us: int, tz: str, day: date, words: Words) -> str:
    """Name the day of an instant where it is not the page's."""
    there = local_day(time_us, tz)
    return "" if there == day else words.day_tiny(there)


def _entry(
    entry: Entry,
    day: date,
    *,
    words: Words,
    letters: Sequence[tuple[Place, str]],
    corrections: Sequence[tuple[str, int, int]],
) -> EntryPage:
    start = words.clock(entry.started_us, entry.tz)
    start_day = _other_day(entry.started_us, entry.tz, day, words)
    end_day = _other_day(entry.ended_us, entry.tz, day, words)
    end = f"{words.clock(entry.ended_us, entry.tz)} {end_day and f'({end_day})'}".rstrip()
    duration = words.duration((entry.ended_us - entry.started_us) / 1e6)
    if isinstance(entry, Stay):
        return StayPage(start, start_day, end, duration, letter_at(entry.at, letters), entry.place)
    if isinstance(entry, Unknown):
        why = words.translate(UNKNOWNS.get(entry.reason, UNKNOWNS["gap"]))
        return UnknownPage(start, start_day, end, duration, why)
    short, long = QUALITIES[entry.quality]
    co2e = entry.co2e
    return TripPage(
        anchor=f"t{entry.started_us}",
        start=start,
        start_day=start_day,
        end=end,
        origin=letter_at(entry.origin, letters),
        destination=letter_at(entry.destination, letters),
        distance=words.distance(entry.distance_m),
        duration=duration,
        co2e=words.co2e(co2e),
        co2e_interval=words.co2e_interval(co2e) if co2e else "",
        quality=words.translate(short),
        quality_why=words.translate(long),
        well_seen=entry.quality == "good",
        legs=tuple(
            _leg(leg, entry.tz, words=words, correction=_correction_of(leg, corrections))
            for leg in entry.legs
        ),
        started_us=entry.started_us,
        purpose=words.purpose(entry.purpose),
        purpose_is_said=entry.purpose_share == 1.0,
        is_private=Mark.PRIVATE in entry.marks,
    )


def _leg(leg: Leg, tz: str, *, words: Words, correction: str) -> LegPage:
    share = leg.probability_share
    is_wait = leg.mode == Mode.WAIT
    asks = not leg.corrected and not is_wait and (isnan(share) or share < ASK_BELOW_SHARE)
    proposed, others = _choices(leg, words)
    answers = _answers(leg, words) if asks else ()
    return LegPage(
        anchor=f"l{leg.started_us}",
        key=leg.mode.value,
        label=words.mode(leg.mode),
        start=words.clock(leg.started_us, tz),
        end=words.clock(leg.ended_us, tz),
        distance="" if is_wait else words.distance(leg.distance_m),
        duration=words.duration(leg.duration_s),
        co2e="" if is_wait else words.co2e(leg.co2e),
        dash=DASHES[leg.mode],
        started_us=leg.started_us,
        ended_us=leg.ended_us,
        is_wait=is_wait,
        asks=asks,
        corrected=leg.corrected,
        probability="" if isnan(share) else words.percent(share),
        chance="" if leg.corrected else words.chance(share),
        question=_question(answers, words) if asks else "",
        answers=answers,
        proposed=proposed,
        others=others,
        reasons=tuple(words.reason(r.code, r.params) for r in leg.reasons),
        correction=correction,
    )


def _answers(leg: Leg, words: Words) -> tuple[Choice, ...]:
    """Give the most probable modes, to be answered by one tap."""
    likely = [(m, p) for m, p in leg.probabilities if m not in NOT_CHOSEN][:N_ANSWERS]
    return tuple(
        Choice(mode.value, words.mode(mode))
        for row, (mode, share) in enumerate(likely)
        if row < N_ANSWERS - 1 or share >= ANSWER_SHARE
    )


def _question(answers: Sequence[Choice], words: Words) -> str:
    """Ask between modes: "Bus or car?"."""
    names = [answer.label for answer in answers]
    names[1:] = [name[:1].lower() + name[1:] for name in names[1:]]
    if len(names) == N_ANSWERS:
        text = words.translate("{first}, {second} or {third}?")
        return text.format(first=names[0], second=names[1], third=names[2])
    if len(names) == N_ANSWERS - 1:
        return words.translate("{first} or {second}?").format(first=names[0], second=names[1])
    return words.translate("How did you travel?")


def _choices(leg: Leg, words: Words) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Give the modes to choose from: the probable ones first, then all others."""
    probable = [(m, p) for m, p in leg.probabilities if m not in NOT_CHOSEN]
    first = {m: p for m, p in probable[:N_PROPOSED] if p >= 0.01}  # noqa: PLR2004 - one in a hundred
    for mode in (leg.mode, *MODES):
        if len(first) < N_PROPOSED and mode not in NOT_CHOSEN | {Mode.OTHER}:
            first.setdefault(mode, float("nan"))

    def choice(mode: Mode, share: float) -> Choice:
        text = "" if isnan(share) or leg.corrected else words.percent(share)
        return Choice(mode.value, words.mode(mode), text, chosen=mode == leg.mode)

    rest = [mode for mode in MODES if mode not in first and mode not in NOT_CHOSEN]
    return (
        tuple(choice(m, p) for m, p in first.items()),
        tuple(choice(m, float("nan")) for m in rest),
    )


def _correction_of(leg: Leg, corrections: Sequence[tuple[str, int, int]]) -> str:
    """Find the id of what the person said of this leg: the widest overlap, or ``""``.

    Of what was said twice of the same time the last counts: that is what is shown, and what
    is taken back. ``corrections`` are in the order in which they were said.
    """
    best, best_us = "", 0
    for key, start_us, end_us in corrections if leg.corrected else ():
        overlap_us = min(end_us, leg.ended_us) - max(start_us, leg.started_us)
        if overlap_us > 0 and overlap_us >= best_us:
            best, best_us = key, overlap_us
    return best
