"""The bar that the mode stage must not fall under, on recordings nothing was fitted on."""

from __future__ import annotations

import pytest
from bench import accuracy, truth

from estran.scoring import merged, motor_merged, right_share

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def found():
    if not (truth.DATA / "mobilitynet").is_dir():
        pytest.skip("../shared/data/mobilitynet is not here")
    recordings = [r for r in truth.mobilitynet() if r.part == "report" and r.true]
    each = accuracy.tallies_of(recordings, accuracy.with_given_borders)
    return accuracy.summed(recordings, each, lambda recording: recording.group)


# Well above the best of e-mission without maps (27 %), a little under what was measured.
@pytest.mark.parametrize(
    ("group", "least", "least_merged"), [("android", 0.80, 0.88), ("ios", 0.70, 0.85)]
)
def test_modes_are_right_most_of_the_time(found, group, least, least_merged):
    seconds = found[group].seconds
    assert right_share(seconds) >= least
    assert right_share(merged(seconds, motor_merged)) >= least_merged


def test_the_tables_print(found, capsys):
    accuracy.print_trips(found)
    accuracy.print_modes(found)
    accuracy.print_each_mode(found)
    accuracy.print_calibration(found)
    accuracy.print_co2e(found)
    accuracy.print_confusion(found["ios"])
    printed = capsys.readouterr().out
    assert "| android |" in printed
    assert "moves right" in printed
