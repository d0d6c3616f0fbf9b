"""Adding a trip that nothing saw: a flight, a train, a day without a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from estran.coach.corrections import Correction, SaidLeg
from estran.errors import ValueOutOfRange
from estran.geo.zones import zone_at
from estran.journal import Journal, Mode, Place, Purpose
from estran.timebase import local_day
from estran.web.config.errors import words_of as words_for
from estran.web.correcting.finding import LATEST_US, again, find
from estran.web.correcting.forms import MOMENT, instant_us, place_of, shown
from estran.web.me import drawing, still, work
from estran.web.me.ground import cells_for
from estran.web.me.show import words_of
from estran.web.store.opened import OpenVault
from estran.web.tickets.forms import mode_choices
from estran.wording import PURPOSE_NAMES

FORMATS = [MOMENT, MOMENT[:-3]]


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT[:-3])


def _place(label: Any) -> forms.CharField:
    attrs = {
        "autocomplete": "off", "class": "station", "hx-get": reverse_lazy("ticket-stations"),
        "hx-trigger": "input changed delay:250ms", "hx-target": "next datalist", "data-pick": "",
    }  # fmt: skip
    return forms.CharField(label=label, max_length=140, widget=forms.TextInput(attrs=attrs))


class AddForm(forms.Form):
    """One trip of one mode."""

    mode = forms.ChoiceField(label=_("How"), choices=mode_choices)
    origin = _place(_("Where from"))
    destination = _place(_("Where to"))
    begins = forms.DateTimeField(label=_("It began"), widget=_moment(), input_formats=FORMATS)
    ends = forms.DateTimeField(
        label=_("It ended (in the time of the place)"), widget=_moment(), input_formats=FORMATS
    )
    purpose = forms.ChoiceField(label=_("What was it for?"), required=False)
    occupants = forms.IntegerField(
        label=_("People in the car, driver included"), min_value=1, max_value=9, required=False
    )
    distance_km = forms.FloatField(
        label=_("Distance in km, if you know it"), min_value=0, max_value=41_000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", gettext("not told"))] + [
            (key, gettext(name)) for key, name in PURPOSE_NAMES.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Find the places, each with its own zone, and refuse what runs backwards."""
        data = super().clean() or {}
        if self.errors:
            return data
        mode = Mode(data["mode"])
        self.from_deg = place_of(self, "origin", mode)
        self.to_deg = place_of(self, "destination", mode)
        if self.from_deg and self.to_deg:
            self.tz = zone_at(*self.from_deg)
            self.start_us = self._instant_us("begins", self.tz)
            self.end_us = self._instant_us("ends", zone_at(*self.to_deg))
            if self.end_us <= self.start_us:
                self.add_error("ends", gettext("The end comes after the beginning."))
        return data

    def _instant_us(self, name: str, tz: str) -> int:
        said: datetime = self.cleaned_data[name].replace(tzinfo=None)
        return instant_us(said, tz)

    def correction(self) -> Correction:
        """Say the trip."""
        data = self.cleaned_data
        if self.from_deg is None or self.to_deg is None:
            msg = "asked of a form that is not valid"
            raise ValueError(msg)
        km, people = data.get("distance_km"), data.get("occupants")
        leg = SaidLeg(
            Mode(data["mode"]), self.start_us, self.end_us, self.from_deg, self.to_deg,
            distance_m=float("nan") if km is None else km * 1000.0,
            occupants=float(people or "nan"),
        )  # fmt: skip
        purpose = Purpose(data["purpose"]) if data.get("purpose") else None
        return work.new_correction(
            kind="add", start_us=self.start_us, end_us=self.end_us, legs=(leg,), tz=self.tz,
            purpose=purpose,
        )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask for a trip that nothing saw, and put it into the journal."""
    vault = work.open_vault(request)
    form = AddForm(request.POST or None, initial=_initial(request, vault))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_added(vault, form.correction()))
        except ValueOutOfRange as refusal:
            form.add_error("begins", words_for(refusal))
    status = 422 if form.errors else 200
    values = {"here": "coach", "form": form, **_map(vault)}
    return render(request, "correcting/add.html", values, status=status)


def _added(vault: OpenVault, said: Correction) -> str:
    """Keep an added trip, and give the address of its page."""
    batch = work.say(vault, [said])
    now = again(vault, said.start_us, said.end_us)
    if now is None:
        day = local_day(said.start_us, said.tz)
        return f"{reverse('journal-day', args=[day])}?{urlencode({'done': batch})}"
    return f"{reverse('trip', args=[now.started_us])}?{urlencode({'done': batch})}"


def _map(vault: OpenVault) -> dict[str, Any]:
    """Draw the last known day, so that the map to pick from begins near."""
    last = work.known_days(vault).last
    entries = work.journal(vault, last, last) if last else Journal(())
    words, letters = words_of(), drawing.letters_of(entries.entries)
    shape = drawing.drawing(entries, letters=letters, words=words)
    drawn = still.draw(entries, letters=letters, words=words)
    return {"drawing": shape, "cells": cells_for(shape), "still": drawn}


def _initial(request: HttpRequest, vault: OpenVault) -> dict[str, Any]:
    """Propose what is known of a trip missing after one: no place is ever in an address."""
    after = request.GET.get("after", "")
    if not after.isascii() or not after.isdigit() or len(after) > len(str(LATEST_US)):
        return {"mode": "train"}
    found = find(vault, int(after))
    before, following = found.trip, found.neighbour(1)
    given = {"mode": "car", "begins": shown(before.ended_us, before.tz)}
    given["origin"] = _told(before.destination)
    if following is not None:
        given["ends"] = shown(following.started_us, following.tz)
        given["destination"] = _told(following.origin)
    return given


def _told(place: Place) -> str:
    return f"{place.lat_deg:.5f}, {place.lon_deg:.5f}"
