"""Forms of what is kept: parsed here, refused in words beside their fields."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import numpy as np
from django import forms
from django.utils.translation import gettext_lazy as _

from estran.privacy import MAX_RADIUS_M, MIN_RADIUS_M, Keeps, Zone, shifted
from estran.web.retention.documents import Holds, Rule

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DaysForm(forms.Form):
    """A first and a last day."""

    first = forms.DateField(label=_("From"), widget=_DAY)
    last = forms.DateField(label=_("Until, this day included"), widget=_DAY, required=False)

    def clean(self) -> dict[str, Any]:
        """Take one day for both where only one is given."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last") or given.get("first")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        given["last"] = last
        return given

    @property
    def days(self) -> tuple[date, date]:
        """The days, both included."""
        return self.cleaned_data["first"], self.cleaned_data["last"]


NUMBERS = "numbers"


class PlaceForm(forms.Form):
    """A circle, and what to do with it."""

    spot = forms.CharField(required=False, initial=NUMBERS)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    radius_m = forms.IntegerField(
        label=_("Radius in metres"), min_value=int(MIN_RADIUS_M), max_value=int(MAX_RADIUS_M),
        initial=300,
    )  # fmt: skip
    name = forms.CharField(label=_("Name that your journal shows"), max_length=60, required=False)
    what = forms.ChoiceField(choices=[("blur", ""), ("never", ""), ("erase", "")], initial="blur")
    for_all = forms.BooleanField(required=False)
    shift = forms.BooleanField(required=False)
    with_trips = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Take the place from the list or from the numbers."""
        given = super().clean() or {}
        spot = given.get("spot") or NUMBERS
        if spot != NUMBERS:
            try:
                given["lat"], given["lon"] = (float(text) for text in spot.split(","))
            except ValueError:
                given["lat"] = given["lon"] = None
        lat, lon = given.get("lat"), given.get("lon")
        if lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - the globe
            self.add_error("lat", _("Choose a place: on the map, in the list, or by its numbers."))
        return given

    @property
    def zone(self) -> Zone:
        """The circle; its centre moved by chance where that was asked."""
        given = self.cleaned_data
        zone = Zone(
            id=secrets.token_hex(8),
            name=given["name"].strip(),
            lat_deg=given["lat"],
            lon_deg=given["lon"],
            radius_m=float(given["radius_m"]),
            keeps=Keeps.NOTHING if given["what"] == "never" else Keeps.CENTRE,
        )
        if given["shift"] and given["what"] == "blur":
            return shifted(zone, np.random.default_rng(secrets.randbits(128)))
        return zone


class RuleForm(forms.Form):
    """How long a source is kept."""

    source = forms.CharField(max_length=300)
    holds = forms.ChoiceField(choices=[(h.value, h.value) for h in Holds])
    after_days = forms.IntegerField(min_value=1, max_value=20_000, required=False)

    @property
    def rule(self) -> Rule:
        """The rule; a year where no number is given."""
        given = self.cleaned_data
        return Rule(given["source"], Holds(given["holds"]), given["after_days"] or 365)


class PauseForm(forms.Form):
    """Until when nothing is taken in; without a day until the person goes on."""

    until = forms.DateField(widget=_DAY, required=False)
