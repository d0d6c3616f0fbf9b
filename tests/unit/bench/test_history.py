"""What the history figures are made of: who is asked what, in which order."""

from __future__ import annotations

import pytest
from bench import history, truth

from estran.journal import Journal, Leg, Mode, Place, Trip
from estran.scoring import LabelledLeg, LabelledTrip


def journal_of(*legs: Leg) -> Journal:
    here = Place(46.0, -1.0)
    return Journal((Trip(legs[0].started_us, legs[-1].ended_us, "UTC", here, here, legs),))


def test_the_person_corrects_what_is_wrong_and_answers_what_is_asked():
    journal = journal_of(
        Leg(Mode.BUS, 0, 100, 1.0, probabilities=((Mode.BUS, 0.9),)),
        Leg(Mode.CAR, 100, 200, 1.0, probabilities=((Mode.CAR, 0.4),)),
        Leg(Mode.TRAM, 200, 300, 1.0, probabilities=((Mode.TRAM, 0.9),)),
        Leg(Mode.WALK, 300, 400, 1.0, probabilities=((Mode.WALK, 0.4),)),
    )
    legs = (
        LabelledLeg(0, 100, Mode.CAR),
        LabelledLeg(100, 300, Mode.CAR),
        LabelledLeg(300, 340, Mode.BIKE),
    )
    true = (LabelledTrip(0, 340, legs),)
    said = history.said_on(journal, true, confirms=False)
    assert said.rows == ((0, 100, Mode.CAR), (200, 300, Mode.CAR))
    answered = history.said_on(journal, true, confirms=True)
    assert answered.rows == ((0, 100, Mode.CAR), (100, 200, Mode.CAR), (200, 300, Mode.CAR))


@pytest.mark.data
def test_history_never_costs_what_it_gains_on_labelled_phones(capsys):
    if not (truth.DATA / "mobilitynet").is_dir():
        pytest.skip("../shared/data/mobilitynet is not here")
    persons = history.lives(r for r in truth.mobilitynet() if r.group == "ios")
    outcomes = [history.live(days, n_corrected=None, confirms=True) for days in persons]
    for outcome in outcomes:
        assert outcome.changed_s["better"] >= outcome.changed_s["worse"]
    history.print_outcomes("ios", outcomes)
    assert "with history" in capsys.readouterr().out
