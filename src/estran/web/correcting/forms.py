"""What a person says of a trip, parsed and refused in words beside its field."""

from __future__ import annotations

import re
from datetime import datetime
from math import nan
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.carbon import factor_set
from estran.coach.corrections import Correction
from estran.journal import Leg, Mode, Trip
from estran.tickets.confirming import end_of
from estran.timebase import from_datetime, to_datetime, zone
from estran.web.correcting.words import ENERGIES, TRAINS, VEHICLES
from estran.web.me.work import new_correction
from estran.web.tickets import work as tickets

Ends = tuple[tuple[float, float], tuple[float, float]]
"""Latitude, longitude of the first and the last point of a leg. [degrees]"""

MOMENT = "%Y-%m-%dT%H:%M:%S"
ROUNDED_US = 60_000_000
"""A field shows minutes; what was left as shown is left as it was. [µs]"""


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format=MOMENT)


def shown(time_us: int, tz: str) -> datetime:
    """Give the wall clock of an instant, without its zone, as a field holds it."""
    return to_datetime(time_us, tz).replace(tzinfo=None, microsecond=0)


def instant_us(said: datetime, tz: str) -> int:
    """Give the instant of a wall clock in a zone."""
    return from_datetime(said.replace(tzinfo=zone(tz)))


class _OfTrip(forms.Form):
    """A form about one trip."""

    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        self.trip = trip
        super().__init__(*args, **kwargs)

    def about(self, **fields: Any) -> Correction:
        """Make a correction of this trip."""
        return new_correction(start_us=self.trip.started_us, end_us=self.trip.ended_us, **fields)


class TimesForm(_OfTrip):
    """When it began and ended."""

    begins = forms.DateTimeField(
        label=_("It began"), widget=_moment(), input_formats=[MOMENT, MOMENT[:-3]]
    )
    ends = forms.DateTimeField(
        label=_("It ended"), widget=_moment(), input_formats=[MOMENT, MOMENT[:-3]]
    )

    def clean(self) -> dict[str, Any]:
        """Refuse times that run backwards."""
        data = super().clean() or {}
        if data.get("begins") and data.get("ends") and data["begins"] >= data["ends"]:
            self.add_error("ends", gettext("The end comes after the beginning."))
        return data

    def correction(self) -> Correction:
        """Say the times; one left as shown stays to the microsecond."""
        trip, data = self.trip, self.cleaned_data

        def moved_us(said: datetime, before_us: int) -> int | None:
            naive = said.replace(tzinfo=None)
            return None if naive == shown(before_us, trip.tz) else instant_us(naive, trip.tz)

        return self.about(
            kind="times",
            new_start_us=moved_us(data["begins"], trip.started_us),
            new_end_us=moved_us(data["ends"], trip.ended_us),
        )


class SplitForm(_OfTrip):
    """Where it was in truth two."""

    at = forms.DateTimeField(label=_("At"), widget=_moment(), input_formats=[MOMENT, MOMENT[:-3]])
    into = forms.ChoiceField(
        label=_("Into"), widget=forms.RadioSelect, initial="trips",
        choices=[
            ("trips", _("two trips: you stopped there")),
            ("legs", _("two parts of one trip: you changed")),
        ],
    )  # fmt: skip

    def clean_at(self) -> datetime:
        """Refuse an instant outside the trip."""
        at: datetime = self.cleaned_data["at"].replace(tzinfo=None)
        at_us = instant_us(at, self.trip.tz)
        if not self.trip.started_us < at_us < self.trip.ended_us:
            raise forms.ValidationError(gettext("That is not during this trip."))
        return at

    def correction(self) -> Correction:
        """Say where it parts."""
        at_us = instant_us(self.cleaned_data["at"], self.trip.tz)
        if self.cleaned_data["into"] == "trips":
            return self.about(kind="split", at_us=at_us, is_trip=True)
        leg = next(leg for leg in self.trip.legs if leg.started_us <= at_us <= leg.ended_us)
        return new_correction(
            kind="split", start_us=leg.started_us, end_us=leg.ended_us, at_us=at_us
        )

    def clean(self) -> dict[str, Any]:
        """Refuse to part a leg at its very border."""
        data = super().clean() or {}
        if data.get("at") and data.get("into") == "legs":
            at_us = instant_us(data["at"], self.trip.tz)
            if not any(leg.started_us < at_us < leg.ended_us for leg in self.trip.legs):
                self.add_error("at", gettext("The trip parts there already."))
        return data


def place_field(label: Any) -> forms.CharField:
    """Ask for a place: a station by name, or a latitude and a longitude."""
    widget = forms.TextInput(attrs={"data-pick": "", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=140, required=False, widget=widget)


def place_of(form: forms.Form, name: str, mode: Mode) -> tuple[float, float] | None:
    """Find the place that a field names; say beside it when there is none."""
    text = form.cleaned_data.get(name, "")
    if not text:
        return None
    end, flaw = end_of(text, tickets.places(), mode)
    if flaw is not None or end.at_deg is None or end.at_deg[0] != end.at_deg[0]:
        form.add_error(
            name,
            gettext(
                "This place is not known. A latitude and a longitude work too: 48.8566, 2.3522"
            ),
        )
        return None
    return end.at_deg


class EndsForm(_OfTrip):
    """Where it began and ended."""

    origin = place_field(_("It began at"))
    destination = place_field(_("It ended at"))

    def clean(self) -> dict[str, Any]:
        """Find the places."""
        data = super().clean() or {}
        modes = self.trip.legs[0].mode, self.trip.legs[-1].mode
        self.from_deg = place_of(self, "origin", modes[0])
        self.to_deg = place_of(self, "destination", modes[1])
        if not self.errors and self.from_deg is None and self.to_deg is None:
            self.add_error("origin", gettext("Say one of the two, at least."))
        return data

    def correction(self) -> Correction:
        """Say the places."""
        return self.about(kind="ends", from_deg=self.from_deg, to_deg=self.to_deg)


MOST_POINTS = 200
POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
"""A latitude and a longitude."""


class PathForm(forms.Form):
    """The way of a leg, by points between its ends."""

    points = forms.CharField(
        label=_("Points on the way, one a line: latitude, longitude"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3, "data-pick": "", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, leg: Leg, ends_deg: Ends, **kwargs: Any) -> None:
        self.leg, self.ends_deg = leg, ends_deg
        kwargs.setdefault("prefix", f"p{leg.started_us}")
        super().__init__(*args, **kwargs)
        for name, (lat_deg, lon_deg) in zip(("from", "to"), ends_deg, strict=True):
            self.fields["points"].widget.attrs[f"data-{name}"] = f"{lat_deg},{lon_deg}"

    def clean_points(self) -> list[tuple[float, float]]:
        """Read a point of each line; say which line holds none."""
        lines = [line for line in self.cleaned_data["points"].splitlines() if line.strip()]
        if len(lines) > MOST_POINTS:
            raise forms.ValidationError(
                gettext("At most {n} points, please.").format(n=MOST_POINTS)
            )
        points = []
        for line in lines:
            found = POINT.fullmatch(line)
            at = (float(found[1]), float(found[2])) if found else (91.0, 181.0)
            if abs(at[0]) > 90 or abs(at[1]) > 180:  # noqa: PLR2004 - degrees of the Earth
                words = gettext("“{line}” is no latitude and longitude such as 48.8566, 2.3522.")
                raise forms.ValidationError(words.format(line=line.strip()[:40]))
            points.append(at)
        return points

    def correction(self) -> Correction:
        """Say the way, from end to end."""
        start, end = self.ends_deg
        return new_correction(
            kind="path", start_us=self.leg.started_us, end_us=self.leg.ended_us,
            path_deg=(start, *self.cleaned_data["points"], end),
        )  # fmt: skip


def _options(keys: tuple[str, ...], names: Any) -> list[tuple[str, str]]:
    unknown = [("", gettext("not known"))]
    return unknown + [(key, gettext(names[key])) for key in names if key in keys]


class LegForm(forms.Form):
    """In what a leg was travelled, by how many, and how far."""

    vehicle = forms.ChoiceField(label=_("Size or kind"), required=False)
    energy = forms.ChoiceField(label=_("Energy"), required=False)
    train_kind = forms.ChoiceField(label=_("Train"), required=False)
    occupants = forms.IntegerField(
        label=_("People aboard, you included"), min_value=1, max_value=9, required=False
    )
    distance_km = forms.FloatField(label=_("Distance, in km"), min_value=0, max_value=41_000)

    def __init__(self, *args: Any, leg: Leg, **kwargs: Any) -> None:
        self.leg = leg
        kwargs.setdefault("initial", {
            "vehicle": leg.vehicle, "energy": leg.energy, "train_kind": leg.train_kind,
            "occupants": int(leg.occupants) if leg.occupants == leg.occupants else None,
            "distance_km": round(leg.distance_m / 1000, 3),
        })  # fmt: skip
        kwargs.setdefault("prefix", f"l{leg.started_us}")
        super().__init__(*args, **kwargs)
        choices = factor_set().choices(leg.mode)
        for name, names in (("vehicle", VEHICLES), ("energy", ENERGIES), ("train_kind", TRAINS)):
            if choices[name]:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
                field.choices = _options(choices[name], names)
            else:
                del self.fields[name]
        if leg.mode not in {Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED}:
            del self.fields["occupants"]

    def corrections(self) -> list[Correction]:
        """Say what differs from what is shown."""
        told = {
            name: (float(value) if value else nan) if name == "occupants" else value
            for name in ("vehicle", "energy", "train_kind", "occupants")
            if name in self.changed_data and (value := self.cleaned_data.get(name, "")) is not False
        }
        span = {"start_us": self.leg.started_us, "end_us": self.leg.ended_us}
        said = [new_correction(kind="vehicle", **span, **told)] if told else []
        if "distance_km" in self.changed_data:
            distance_m = self.cleaned_data["distance_km"] * 1000.0
            said.append(new_correction(kind="distance", **span, distance_m=distance_m))
        return said
