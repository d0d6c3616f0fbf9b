"""The assumptions of advice, as a form of plain numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from estran.coach.alternatives import Assumptions

LIMITS: dict[str, tuple[Any, float, float]] = {
    "walk_kmh": (_("Speed on foot, in km/h"), 1, 12),
    "bike_kmh": (_("Speed by bike, door to door, in km/h"), 3, 45),
    "e_bike_kmh": (_("Speed by e-bike, door to door, in km/h"), 3, 45),
    "walk_most_km": (_("On foot: not farther than, in km"), 0, 30),
    "bike_most_km": (_("By bike: not farther than, in km"), 0, 100),
    "e_bike_most_km": (_("By e-bike: not farther than, in km"), 0, 100),
    "transit_kmh": (_("Speed of a bus, in km/h"), 3, 100),
    "train_kmh": (_("Speed of a train, in km/h"), 3, 320),
    "access_min": (_("Minutes to and from stops"), 0, 120),
    "wait_min": (_("Minutes of waiting"), 0, 120),
    "aboard": (_("People in a shared car"), 2, 9),
    "meet_min": (_("Minutes to meet for it"), 0, 60),
}
"""What of the assumptions is asked, with its least and most."""

INITIAL = Assumptions()


class AssumptionsForm(forms.Form):
    """What is left empty is ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, least, most) in LIMITS.items():
            self.fields[name] = forms.FloatField(
                label=label,
                min_value=least,
                max_value=most,
                required=False,
                initial=getattr(INITIAL, name),
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )

    def assumptions(self) -> Assumptions:
        """Give what was written, and ours where nothing was."""
        said = {
            field.name: value
            for field in fields(Assumptions)
            if (value := self.cleaned_data.get(field.name)) is not None
        }
        return Assumptions(**said)
