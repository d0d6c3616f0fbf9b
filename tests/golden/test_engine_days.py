"""The golden days give the journals written beside them."""

import pytest
from tests.golden.write_engine_days import HERE, journal_of

DAYS = sorted(HERE.glob("*.csv"))


@pytest.mark.parametrize("path", DAYS, ids=[path.stem for path in DAYS])
def test_a_golden_day_gives_its_journal(path):
    assert journal_of(path) == path.with_suffix(".journal.txt").read_text("utf-8")


def test_there_are_golden_days():
    assert len(DAYS) == 4
