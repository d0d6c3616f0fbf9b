"""What is compared with what, refused in words beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.carbon import factor_set
from estran.coach.recurring import Recurring
from estran.coach.savings import DECLARED_SHARE, OBSERVED_SHARE, Method
from estran.journal import Mode
from estran.web.correcting.words import ENERGIES, VEHICLES
from estran.web.goals.forms import trip_name
from estran.web.me.words import MODES, Words

METHODS = (
    (Method.OWN_PAST.value, _("My own past")),
    (Method.DECLARED.value, _("Another way, which I declare, for a usual trip")),
    (Method.NONE.value, _("None: only what was emitted")),
)
NO_TRIP = "none"
"""Key of "not at all": the trip is new."""
LONGEST_DAYS = 366


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, input_formats=["%Y-%m-%d"], required=required
    )


class SavingForm(forms.Form):
    """A period and its baseline."""

    method = forms.ChoiceField(label=_("Compared with"), choices=METHODS)
    first = _day(_("The period: first day"))
    last = _day(_("The period: last day"))
    before_first = _day(_("My own past: first day"), required=False)
    before_last = _day(_("My own past: last day"), required=False)
    trip = forms.ChoiceField(label=_("The usual trip"), required=False)
    mode = forms.ChoiceField(label=_("How you would make it otherwise"), required=False)
    vehicle = forms.ChoiceField(label=_("If by car: its size"), required=False)
    energy = forms.ChoiceField(label=_("If by car: its energy"), required=False)
    occupants = forms.IntegerField(
        label=_("If by car: people aboard, you included"),
        required=False,
        min_value=1,
        max_value=9,
    )
    discount = forms.IntegerField(
        label=_("Share of a gain that counts, in percent"),
        required=False,
        min_value=0,
        max_value=100,
    )

    def __init__(self, *args: Any, usual: Sequence[Recurring], words: Words, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._offer("trip", [(one.id, trip_name(one, words)) for one in usual])
        modes = [(m.value, words.mode(m)) for m in MODES if m not in {Mode.UNKNOWN, Mode.WAIT}]
        self._offer("mode", [*modes, (NO_TRIP, gettext("not at all: it is a new trip"))])
        known = factor_set().choices(Mode.CAR)
        for name, names in (("vehicle", VEHICLES), ("energy", ENERGIES)):
            self._offer(name, [(k, gettext(v)) for k, v in names.items() if k in known[name]])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "–"), *choices]

    def clean(self) -> dict[str, Any]:
        """Refuse periods that run backwards, overlap or are too long; ask for what is needed."""
        data = super().clean() or {}
        self._ordered(data, "first", "last")
        if data.get("method") == Method.OWN_PAST:
            self._needs(data, "before_first", "before_last")
            self._ordered(data, "before_first", "before_last")
            if all(data.get(k) for k in ("first", "before_last")) and (
                data["before_last"] >= data["first"]
            ):
                self.add_error("before_last", gettext("Your own past ends before the period."))
        elif data.get("method") == Method.DECLARED:
            self._needs(data, "trip", "mode")
        return data

    def _needs(self, data: dict[str, Any], *names: str) -> None:
        for name in names:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, gettext("This is needed for this comparison."))

    def _ordered(self, data: dict[str, Any], first: str, last: str) -> None:
        if not (data.get(first) and data.get(last)):
            return
        n_days = (data[last] - data[first]).days + 1
        if n_days < 1:
            self.add_error(last, gettext("The last day comes after the first."))
        elif n_days > LONGEST_DAYS:
            self.add_error(last, gettext("A period is a year at most."))

    def discount_share(self) -> float:
        """Give the share of a gain that counts: as said, else that of the method."""
        said = self.cleaned_data.get("discount")
        if said is not None:
            return float(said) / 100.0
        own = self.cleaned_data["method"] == Method.OWN_PAST
        return OBSERVED_SHARE if own else DECLARED_SHARE
