"""Forms of tickets and habits: parsed here, refused in words beside their fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.tickets.letters import Recipient
from estran.tickets.regular import TELEWORK, TRAVEL
from estran.tickets.stations import Station
from estran.tickets.values import Draft, Flaw
from estran.web.me.words import MODES
from estran.web.tickets.wordings import RECIPIENTS, flaw_words

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_CLOCK = forms.TextInput(attrs={"type": "time"})
TOLD = (
    "train", "coach", "car", "plane", "ferry", "bus", "tram", "metro", "bike", "e_bike", "walk",
    "motorcycle", "other",
)  # fmt: skip
"""Modes that a person may state, the usual ones of tickets first."""


def mode_choices() -> list[tuple[str, str]]:
    """Name the modes in the reader's language."""
    names = {mode.value: gettext(name) for mode, name in MODES.items()}
    names["car"] = gettext("Car or carpool")
    return [(key, names[key]) for key in TOLD]


def _search(label: Any) -> forms.CharField:
    attrs = {
        "autocomplete": "off", "class": "station", "hx-get": reverse_lazy("ticket-stations"),
        "hx-trigger": "input changed delay:250ms", "hx-target": "next datalist",
    }  # fmt: skip
    return forms.CharField(label=label, max_length=140, widget=forms.TextInput(attrs=attrs))


class TicketForm(forms.Form):
    """One journey."""

    mode = forms.ChoiceField(label=_("How"), choices=mode_choices)
    day = forms.DateField(label=_("Day"), widget=_DAY)
    origin = _search(_("Where from"))
    departs = forms.CharField(label=_("Departure"), max_length=8, widget=_CLOCK)
    destination = _search(_("Where to"))
    arrives = forms.CharField(
        label=_("Arrival (leave it empty if you do not know)"), max_length=8, required=False,
        widget=_CLOCK,
    )  # fmt: skip
    arrives_day = forms.DateField(
        label=_("Day of arrival, if it is another"), required=False, widget=_DAY
    )
    operator = forms.CharField(label=_("Company"), max_length=60, required=False)
    number = forms.CharField(label=_("Train, line or flight"), max_length=30, required=False)
    travel_class = forms.CharField(label=_("Class"), max_length=30, required=False)
    occupants = forms.IntegerField(
        label=_("People in the car, driver included"), min_value=1, max_value=9, required=False
    )
    role = forms.ChoiceField(
        label=_("In the car you were"), required=False,
        choices=[("", _("not told")), ("driver", _("the driver")), ("passenger", _("a passenger"))],
    )  # fmt: skip
    passengers = forms.IntegerField(
        label=_("People on the ticket"), min_value=1, max_value=9, required=False
    )
    price = forms.DecimalField(label=_("Price"), min_value=0, max_value=100_000, required=False)
    currency = forms.CharField(max_length=3, required=False, widget=forms.HiddenInput)
    distance_km = forms.DecimalField(
        label=_("Distance in km, if you know it"), min_value=0, max_value=20_000, required=False
    )
    reference = forms.CharField(label=_("Booking reference"), max_length=40, required=False)

    @property
    def draft(self) -> Draft:
        """What was typed."""
        given: dict[str, Any] = {
            name: value.isoformat() if isinstance(value, date) else str(value or "")
            for name, value in self.cleaned_data.items()
        }
        return Draft(**given)

    def tell(self, flaws: tuple[Flaw, ...], choices: dict[str, tuple[Station, ...]]) -> bool:
        """Say what is missing beside its field; tell whether anything hinders.

        A place that is not known is asked about once, and taken as it was written then.
        """
        hinders = False
        for flaw in flaws:
            if flaw.code == "station-unknown" and self.data.get(self.add_prefix("as_written")):
                continue
            hinders = True
            self.add_error(flaw.field or None, flaw_words(flaw))
            if flaw.code == "station-unsure":
                self._choose(flaw, choices.get(flaw.field, ()))
        return hinders

    def _choose(self, flaw: Flaw, stations: tuple[Station, ...]) -> None:
        """Let one of several places be chosen in place of what was typed."""
        options = [("", gettext("Choose"))]
        for one in stations:
            town = f" ({one.town})" if one.town else ""
            value = f"{one.name} @{one.lat_deg:.5f},{one.lon_deg:.5f}"
            options.append((value, f"{one.name}{town}"))
        options.append((f"={flaw.text}", gettext("None of these: keep it as I wrote it")))
        self.fields[flaw.field].widget = forms.Select(choices=options)


WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip


class HabitForm(forms.Form):
    """Something usual."""

    does = forms.ChoiceField(
        label=_("What"), choices=[(TRAVEL, _("I travel")), (TELEWORK, _("I work at home"))]
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(label=_("How"), choices=mode_choices, required=False)
    origin = _search(_("Where from"))
    destination = _search(_("Where to"))
    departs = forms.CharField(label=_("Departure"), max_length=8, required=False, widget=_CLOCK)
    returns = forms.CharField(
        label=_("Departure of the way back, if there is one"), max_length=8, required=False,
        widget=_CLOCK,
    )  # fmt: skip
    lasts_min = forms.IntegerField(
        label=_("How many minutes one way takes, if you know it"), min_value=1, max_value=1440,
        required=False,
    )  # fmt: skip
    distance_km = forms.DecimalField(
        label=_("Distance in km, if you know it"), min_value=0, max_value=2000, required=False
    )
    occupants = forms.IntegerField(
        label=_("People in the car, driver included"), min_value=1, max_value=9, required=False
    )
    first = forms.DateField(label=_("Since which day"), widget=_DAY)
    last = forms.DateField(
        label=_("Until which day (leave it empty if it goes on)"), widget=_DAY, required=False
    )
    every_weeks = forms.ChoiceField(
        label=_("How often"), choices=[("1", _("each week")), ("2", _("each second week"))],
        initial="1",
    )  # fmt: skip
    exceptions = forms.CharField(
        label=_("Days on which it was not so (holidays, illness), separated by commas"),
        required=False, max_length=4000,
    )  # fmt: skip
    on_holidays = forms.BooleanField(label=_("On public holidays too"), required=False)
    alsace_moselle = forms.BooleanField(
        label=_("With the holidays of Alsace and Moselle"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("origin", "destination"):
            self.fields[name].required = False

    def clean_exceptions(self) -> tuple[date, ...]:
        """Read days."""
        days: list[date] = []
        for text in self.cleaned_data["exceptions"].replace(";", ",").replace(" ", ",").split(","):
            if not text.strip():
                continue
            try:
                parts = text.strip().split("/")
                iso = "-".join(reversed(parts)) if len(parts) == 3 else text.strip()  # noqa: PLR2004 - a date
                days.append(date.fromisoformat(iso))
            except ValueError as error:
                words = gettext("{text} is no day: write 2026-12-24 or 24/12/2026.")
                raise forms.ValidationError(words.format(text=text[:20])) from error
        return tuple(sorted(set(days)))

    def clean(self) -> dict[str, Any]:
        """Want times and places of what is travelled."""
        given = super().clean() or {}
        if given.get("last") and given.get("first") and given["last"] < given["first"]:
            self.add_error("last", _("The last day comes before the first."))
        if given.get("does") == TRAVEL:
            for name in ("mode", "origin", "destination", "departs"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for a journey."))
        return given


class LetterForm(forms.Form):
    """Whom to write to."""

    recipient = forms.ChoiceField(
        label=_("To whom"), choices=[(r.value, RECIPIENTS[r]) for r in Recipient]
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=[("fr", _("French")), ("en", _("English"))]
    )
    to_name = forms.CharField(
        label=_("Name of the company (for a phone operator, an employer, another)"), max_length=100,
        required=False,
    )  # fmt: skip
    to_mail = forms.EmailField(label=_("Their mail address, if you have it"), required=False)
    sender = forms.CharField(label=_("Your name"), max_length=100, required=False)
    known_by = forms.CharField(
        label=_("What they know you by: mail address, customer or phone number"), max_length=120,
        required=False,
    )  # fmt: skip
