"""What if, as a person asks it: nothing, something, nonsense."""

from __future__ import annotations

from .lived import two_days


def test_a_year_with_something_different(alice, work_off):
    two_days(alice, work_off)
    alice.client.cookies["estran_language"] = "en"
    empty = alice.client.get("/what-if/")
    assert empty.status_code == 200
    assert "rows" not in empty.context
    asked = "/what-if/?e_bike_below_km=20&energy=electric&occupants=3"
    rows = alice.client.get(asked).context["rows"]
    assert len(rows) == 4
    for wrong in ("telework_days=9", "e_bike_below_km=-1", "energy=coal", "train_from_km=x"):
        answer = alice.client.get(f"/what-if/?{wrong}")
        assert answer.status_code == 422
        assert "rows" not in answer.context
        assert 'role="alert"' in answer.content.decode()
