"""What if: a form of assumptions, and the year that follows from them. Parse, work, render."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from estran.carbon import factor_set
from estran.coach.simulate import Assumptions, Outcome, Simulated, simulate
from estran.journal import Mode
from estran.web.correcting.words import ENERGIES, VEHICLES
from estran.web.learning.views import of_last_year
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.me.words import Words
from estran.wording import N_

CODES = {
    "telework": N_("Days at home"),
    "e-bike": N_("Short car trips by e-bike"),
    "train": N_("Long trips by train"),
    "car": N_("Another car"),
    "carpool": N_("More people in the car"),
    "all": N_("All of it together"),
}


def _number(label: Any, most: float, *, step: str = "1", initial: float | None = None) -> Any:
    widget = forms.NumberInput(attrs={"step": step, "inputmode": "decimal"})
    return forms.FloatField(
        label=label, min_value=0, max_value=most, required=False, widget=widget, initial=initial
    )


class WhatIfForm(forms.Form):
    """What is to be different; what is left empty stays as it is."""

    telework_days = _number(_("Days a week at home instead of at work"), 7, step="0.5")
    e_bike_below_km = _number(_("By e-bike: car trips shorter than, in km"), 50)
    train_from_km = _number(_("By train: car and plane trips longer than, in km"), 20_000)
    vehicle = forms.ChoiceField(label=_("Another car: its size"), required=False)
    energy = forms.ChoiceField(label=_("Another car: its energy"), required=False)
    occupants = _number(_("People in the car, you included"), 9)
    e_bike_share = _number(
        _("Share of the short trips that you could ride, in percent"), 100, initial=70
    )
    e_bike_kmh = _number(_("Speed by e-bike, door to door, in km/h"), 45, initial=17)
    train_kmh = _number(_("Speed by train, changes included, in km/h"), 320, initial=110)
    train_detour = _number(
        _("Rails are longer than the straight line, by times"), 3, step="0.05", initial=1.25
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = factor_set().choices(Mode.CAR)
        for name, names in (("vehicle", VEHICLES), ("energy", ENERGIES)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", gettext("as it is"))] + [
                (key, gettext(names[key])) for key in names if key in choices[name]
            ]

    def assumptions(self) -> Assumptions:
        """Give what is asked; an empty field is its initial value."""

        def told(name: str) -> float:
            value = self.cleaned_data.get(name)
            return float(value or self.fields[name].initial or 0.0)

        data = self.cleaned_data
        return Assumptions(
            vehicle=data["vehicle"],
            energy=data["energy"],
            telework_days=told("telework_days"),
            e_bike_below_km=told("e_bike_below_km"),
            e_bike_share=told("e_bike_share") / 100.0,
            e_bike_kmh=max(told("e_bike_kmh"), 1.0),
            train_from_km=told("train_from_km"),
            train_detour=max(told("train_detour"), 1.0),
            train_kmh=max(told("train_kmh"), 1.0),
            occupants=told("occupants") or float("nan"),
        )


ASKED = ("telework_days", "e_bike_below_km", "train_from_km", "vehicle", "energy", "occupants")


@login_required
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Show the form; beside it the year that follows from what was asked."""
    vault, words = work.open_vault(request), words_of()
    form = WhatIfForm(request.GET or None)
    values: dict[str, Any] = {"here": "coach", "form": form}
    status = 200
    if request.GET and not form.is_valid():
        status = 422
    elif request.GET and any(form.cleaned_data.get(name) for name in ASKED):
        trips = of_last_year(vault)
        made = simulate(trips, form.assumptions(), factors=factor_set())
        values |= _shown(made, words)
    values["asked"] = [form[name] for name in ASKED]
    values["assumed"] = [form[name] for name in form.fields if name not in ASKED]
    return render(request, "whatif/what_if.html", values, status=status)


def _shown(made: Simulated, words: Words) -> dict[str, Any]:
    rows = [_row(one, words) for one in made.outcomes]
    return {
        "before": words.co2e(made.before),
        "after": words.co2e(made.after),
        "rows": [*rows, _row(made.whole, words)] if len(rows) > 1 else rows,
    }


def _row(one: Outcome, words: Words) -> dict[str, str]:
    span = gettext("between {low} and {high}")
    saved = span.format(low=words.mass(one.low_g), high=words.mass(one.high_g))
    minutes = words.duration(abs(one.saved_s))
    took = (
        gettext("{time} less on the way") if one.saved_s >= 0 else gettext("{time} more on the way")
    )
    return {
        "name": gettext(CODES[one.code]),
        "n": words.number(one.n_trips),
        "central": words.mass(one.central_g),
        "interval": saved,
        "time": took.format(time=minutes) if abs(one.saved_s) >= 60 else gettext("the same time"),  # noqa: PLR2004 - a minute
    }
