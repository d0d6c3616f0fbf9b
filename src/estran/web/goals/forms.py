"""A goal or a plan as a person says it, refused in words beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.coach.goals import Aim, Goal, Plan, Span, checked
from estran.coach.recurring import Recurring
from estran.errors import ValueOutOfRange
from estran.journal import Mode
from estran.web.me.words import MODES, Words

AIMS = (
    (Aim.EMISSIONS.value, _("CO₂e: kilograms at most")),
    (Aim.BUDGET.value, _("Money: euros at most")),
    (Aim.BIKE_DAYS.value, _("Days by bike: at least")),
    (Aim.ACTIVE_MIN.value, _("Minutes of movement: at least")),
    (Aim.CAR_FREE_DAYS.value, _("Days without a car: at least")),
    (Aim.NO_FLIGHT.value, _("No flight")),
)
SPANS = (
    (Span.WEEK.value, _("a week")),
    (Span.MONTH.value, _("a month")),
    (Span.YEAR.value, _("a year")),
)


class GoalForm(forms.Form):
    """A goal."""

    aim = forms.ChoiceField(label=_("What about"), choices=AIMS)
    target = forms.FloatField(
        label=_("How much"),
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}),
    )
    span = forms.ChoiceField(label=_("In"), choices=SPANS, initial=Span.MONTH.value)
    goal: Goal | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Refuse what means nothing."""
        data = super().clean() or {}
        if self.errors:
            return data
        aim = Aim(data["aim"])
        target = 0.0 if aim is Aim.NO_FLIGHT else data.get("target")
        if target is None:
            self.add_error("target", gettext("A goal has a number."))
            return data
        try:
            made = Goal(uuid4().hex, aim, Span(data["span"]), target, self.today)
            self.goal = checked(made)
        except ValueOutOfRange as refusal:
            low, high = (int(float(refusal.params[end])) for end in ("low", "high"))
            text = gettext("This goes from {low} to {high}.")
            self.add_error("target", text.format(low=low, high=high))
        return data


class PlanForm(forms.Form):
    """Something meant for some weekdays."""

    weekdays = forms.MultipleChoiceField(
        label=_("On which days"), widget=forms.CheckboxSelectMultiple
    )
    plan_mode = forms.ChoiceField(label=_("How"))
    trip = forms.ChoiceField(label=_("For which usual trip"), required=False)

    def __init__(self, *args: Any, usual: Sequence[Recurring], words: Words, **kw: Any) -> None:
        super().__init__(*args, **kw)
        days = [(str(i), name) for i, name in enumerate(words.weekdays())]
        modes = [(m.value, words.mode(m)) for m in MODES if m not in {Mode.UNKNOWN, Mode.WAIT}]
        trips = [("", gettext("any trip")), *((one.id, trip_name(one, words)) for one in usual)]
        for name, choices in (("weekdays", days), ("plan_mode", modes), ("trip", trips)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices
        self.fields["plan_mode"].initial = Mode.BIKE.value

    def plan(self, today: date) -> Plan:
        """Make the plan."""
        data = self.cleaned_data
        days = tuple(sorted(int(day) for day in data["weekdays"]))
        return Plan(uuid4().hex, days, Mode(data["plan_mode"]), today, data["trip"])


def trip_name(one: Recurring, words: Words) -> str:
    """Tell a usual trip from others without naming its places."""
    parts = [
        words.purpose(one.purpose),
        words.mode(one.mode),
        words.distance(one.distance_m),
        gettext("about {time}").format(time=words.duration(one.starts_h * 3600)),
        f"× {len(one.trips)}",
    ]
    return " · ".join(part for part in parts if part)
