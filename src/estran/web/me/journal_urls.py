"""Addresses of the journal and the dashboard."""

from datetime import date

from django.urls import path, register_converter

from estran.web.me import views
from estran.web.me.figures import LABELS

YEARS = r"(?:19|20|21)\d{2}"
"""Years that a journal may show: positions hold from 1985 to 2100 (formats/times.py)."""


class IsoDay:
    """A calendar day in an address."""

    regex = YEARS + r"-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Read it; what is no day is no address."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Write it."""
        return value.isoformat()


class Year:
    """A year that a journal may show."""

    regex = YEARS

    def to_python(self, value: str) -> int:
        """Read it."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write it."""
        return f"{value:04d}"


class Measure:
    """What a period is measured by."""

    regex = "|".join(LABELS)

    def to_python(self, value: str) -> str:
        """Read it."""
        return value

    def to_url(self, value: str) -> str:
        """Write it."""
        return value


register_converter(IsoDay, "day")
register_converter(Measure, "measure")
register_converter(Year, "year")

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/correct/", views.correct_leg, name="correct-leg"),
    path("journal/undo/", views.undo_correction, name="undo-correction"),
    path("journal/<day:day>/", views.journal_day, name="journal-day"),
    path("journal/<day:day>/week/", views.journal_week, name="journal-week"),
    path("journal/<year:year>-<int:month>/", views.journal_month, name="journal-month"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<year:year>/", views.dashboard_year, name="dashboard-year"),
    path("dashboard/period/", views.dashboard_period, name="dashboard-period"),
    path("dashboard/how/<measure:measure>/", views.dashboard_how, name="dashboard-how"),
]
