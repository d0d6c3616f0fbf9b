"""Whatever days somebody lived and whatever they said of them, an archive gives them back."""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estran.analyse import Context, analyse
from estran.carbon import factor_set, price
from estran.coach.corrections import Correction, apply, said_by
from estran.example import evidence
from estran.giving.archive import Contents, write_archive
from estran.giving.opening import Archive
from estran.journal import Journal, Mode
from estran.trace import Evidence
from estran.web.me.records import encode_entries
from tests.unit.giving.test_archive import chunks_of

US_A_DAY = 86_400_000_000
SAID = [Mode.BIKE, Mode.E_BIKE, Mode.BUS, Mode.CAR, Mode.TRAIN, Mode.FERRY, Mode.WALK]


def understood(seen: Evidence, said: tuple[Correction, ...]) -> Journal:
    """Make the journal anew, as a site does after an archive came."""
    made = analyse(seen, context=Context(said=said_by(said)))
    return apply(price(made, factors=factor_set()), said, factors=factor_set())


def through_an_archive(seen: Evidence, journal: Journal, said: tuple[Correction, ...]) -> Archive:
    out = io.BytesIO()
    contents = Contents(
        chunks=lambda kind: chunks_of(seen, kind),
        entries=lambda: journal.entries,
        corrected=lambda: journal.entries,
        made_by=journal.made_by,
        corrections=said,
        made_at_us=1_750_000_000_000_000,
        n_rows=len(seen.trace),
    )
    write_archive(out, contents)
    return Archive(io.BytesIO(out.getvalue()))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.integers(0, 360),
    n_days=st.integers(1, 3),
    every=st.integers(1, 7),
    words=st.lists(st.tuples(st.integers(0, 99), st.sampled_from(SAID)), max_size=6),
)
def test_the_journal_made_of_an_archive_is_the_journal_it_was_made_from(
    first, n_days, every, words
):
    day = date(2025, 1, 1) + timedelta(days=first)
    lived = evidence(day, day + timedelta(days=n_days - 1))[0]
    lived = Evidence(lived.trace.take(np.arange(0, len(lived.trace), every)),
                     lived.activities, lived.claims, lived.marks, sources=lived.sources)  # fmt: skip
    # A first time through, so that it is as a vault keeps it (whole 1e-7 degrees).
    kept = through_an_archive(lived, understood(lived, ()), ()).evidence()
    legs = [leg for trip in understood(kept, ()).trips for leg in trip.legs]
    said = tuple(
        Correction(
            id=f"c{number}", start_us=leg.started_us, end_us=leg.ended_us, mode=mode,
            made_at_us=number,
        )
        for number, (which, mode) in enumerate(words)
        for leg in ([legs[which % len(legs)]] if legs else [])
    )  # fmt: skip
    journal = understood(kept, said)
    archive = through_an_archive(kept, journal, said)
    archive.check()
    assert archive.corrections() == said
    assert encode_entries(archive.journal().entries) == encode_entries(journal.entries)
    again = understood(archive.evidence(), archive.corrections())
    assert encode_entries(again.entries) == encode_entries(journal.entries)
