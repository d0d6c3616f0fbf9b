"""Forms of vehicles, passes and habits: parsed here, refused in words beside their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.carbon import factor_set
from estran.coach.garage import RIDDEN, Habits, Pass, Vehicle
from estran.travel import Mode
from estran.web.correcting.words import ENERGIES, VEHICLES
from estran.web.me.words import MODES

BIKES = frozenset({Mode.BIKE, Mode.E_BIKE})
ENGINES = frozenset({Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED})


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False)


def _number(label: Any, least: float, most: float) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=least, max_value=most, required=False)


class _Span(forms.Form):
    """Something used from a day on, until another."""

    def clean(self) -> dict[str, Any]:
        """Want the days in order."""
        given = super().clean() or {}
        first, last = given.get("from_day"), given.get("until_day")
        if first and last and last < first:
            self.add_error("until_day", _("The last day comes before the first."))
        return given


class VehicleForm(_Span):
    """A vehicle of one mode: only what means something for it is asked."""

    name = forms.CharField(label=_("How you call it"), max_length=40, required=False)
    vehicle = forms.ChoiceField(label=_("Size or kind"), required=False)
    energy = forms.ChoiceField(label=_("Energy"), required=False)
    consumption_per_100km = _number(
        _("Consumption for 100 km, in litres (in kWh if it is electric), if you know it"), 0.5, 99
    )
    occupants = forms.IntegerField(
        label=_("People usually aboard, you included"), min_value=1, max_value=9, required=False
    )
    fiscal_cv = forms.IntegerField(
        label=_("Fiscal power (CV, on the registration certificate), if you know it"),
        min_value=1, max_value=99, required=False,
    )  # fmt: skip
    yearly_km = _number(_("Kilometres a year, all users together, if you know it"), 100, 200_000)
    price_eur = _number(_("What it cost, in euros, if you wish"), 0, 30_000)
    lifetime_km = _number(_("Kilometres it will last, your guess"), 500, 300_000)
    upkeep_eur_per_year = _number(_("Upkeep in a year, in euros"), 0, 5_000)
    from_day = _day(_("Used since (leave it empty if it was always so)"))
    until_day = _day(_("Until (leave it empty if it goes on)"))
    is_main = forms.BooleanField(label=_("Of several, it is the one used most"), required=False)

    def __init__(
        self, *args: Any, mode: Mode, known: Vehicle | None = None, changes: bool = False,
        after: date | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.mode, self.known, self.after = mode, known, after
        kwargs.setdefault("initial", asdict(known) if known else {})
        super().__init__(*args, **kwargs)
        choices = factor_set().choices(mode)
        names: tuple[tuple[str, Mapping[str, str]], ...]
        names = (("vehicle", VEHICLES), ("energy", ENERGIES))
        for field, words in names:
            if choices[field]:
                self._offer(field, words, choices[field])
            else:
                del self.fields[field]
        self._leave_out(ENGINES, ("consumption_per_100km", "occupants"))
        self._leave_out({Mode.CAR, Mode.MOTORCYCLE}, ("fiscal_cv",))
        self._leave_out(ENGINES | BIKES, ("yearly_km",))
        self._leave_out(BIKES, ("price_eur", "lifetime_km", "upkeep_eur_per_year"))
        if changes:
            self.fields["from_day"].required = True
            self.fields["from_day"].label = _("Since which day")

    def _offer(self, field: str, words: Mapping[str, str], keys: Iterable[str]) -> None:
        found = self.fields[field]
        assert isinstance(found, forms.ChoiceField)  # noqa: S101 - declared above
        named = [(key, gettext(words[key])) for key in words if key in set(keys)]
        found.choices = [("", gettext("I do not know")), *named]

    def _leave_out(self, modes: Iterable[Mode], fields: Iterable[str]) -> None:
        if self.mode not in modes:
            for field in fields:
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        """Want a change after what it changes."""
        given = super().clean()
        first = given.get("from_day")
        if self.after and first and first <= self.after:
            self.add_error("from_day", _("The other one was not yet there on that day."))
        return given

    def made(self, vehicle_id: str) -> Vehicle:
        """Make the vehicle that was typed."""
        given = {key: value for key, value in self.cleaned_data.items() if value not in {"", None}}
        occupants = given.pop("occupants", None)
        name = given.pop("name", "") or gettext(MODES[self.mode])
        return Vehicle(
            id=vehicle_id, name=name, mode=self.mode,
            occupants=None if occupants is None else float(occupants), **given,
        )  # fmt: skip


def _modes() -> list[tuple[str, str]]:
    return [(mode.value, gettext(MODES[mode])) for mode in MODES if mode in RIDDEN]


class PassForm(_Span):
    """A pass or a book of tickets."""

    name = forms.CharField(label=_("How you call it"), max_length=40)
    modes = forms.MultipleChoiceField(
        label=_("What you ride with it"), choices=_modes, widget=forms.CheckboxSelectMultiple
    )
    price_eur = forms.FloatField(
        label=_("What it costs you, in euros (without what your employer gives back)"),
        min_value=0, max_value=20_000,
    )  # fmt: skip
    per = forms.ChoiceField(
        label=_("For"),
        choices=[("month", _("a month")), ("year", _("a year")), ("ten", _("ten rides"))],
    )
    from_day = _day(_("Since (leave it empty if it was always so)"))
    until_day = _day(_("Until (leave it empty if it goes on)"))

    def made(self, pass_id: str) -> Pass:
        """Make the pass that was typed."""
        given = dict(self.cleaned_data)
        given["modes"] = tuple(Mode(key) for key in given["modes"])
        return Pass(id=pass_id, **given)


class HabitsForm(forms.Form):
    """What is usual."""

    aboard = forms.IntegerField(
        label=_("People usually in a car that is not yours, you included"),
        min_value=1, max_value=9, required=False,
    )  # fmt: skip
    bike_is = forms.BooleanField(
        label=_("My bike is electric: count bike rides as e-bike rides"), required=False
    )
    weight_kg = forms.FloatField(
        label=_("Your weight in kg, if you wish: only for the energy of walking and cycling"),
        min_value=20, max_value=300, required=False,
    )  # fmt: skip

    @classmethod
    def showing(cls, habits: Habits) -> HabitsForm:
        """Show what was said."""
        aboard = dict(habits.occupants).get(Mode.CAR)
        return cls(initial={
            "aboard": None if aboard is None else int(aboard), "weight_kg": habits.weight_kg,
            "bike_is": bool(habits.bike_is),
        })  # fmt: skip

    def made(self) -> Habits:
        """Make the habits that were typed."""
        given = self.cleaned_data
        aboard = given["aboard"]
        return Habits(
            occupants=((Mode.CAR, float(aboard)),) if aboard else (),
            bike_is=Mode.E_BIKE.value if given["bike_is"] else "",
            weight_kg=given["weight_kg"],
        )
