"""Periods of local days, and the one before of the same kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a period is, told by its two days."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DAYS = "days"
    """Any other number of days."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from ``first`` to ``last``, both inside."""

    first: date
    last: date

    @property
    def n_days(self) -> int:
        """Count its days."""
        return (self.last - self.first).days + 1

    @property
    def kind(self) -> Kind:
        """Tell a week from Monday, a calendar month or year from other days."""
        if self.n_days == 7 and self.first.weekday() == 0:  # noqa: PLR2004 - a week
            return Kind.WEEK
        if self == month_of(self.first):
            return Kind.MONTH
        if self == year_of(self.first.year):
            return Kind.YEAR
        return Kind.DAYS

    def step(self, n: int) -> Period | None:
        """Give the period ``n`` later (earlier below 0) of the same kind; None off the calendar.

        Examples
        --------
        >>> month_of(date(2026, 3, 31)).step(-1) == month_of(date(2026, 2, 1))
        True
        >>> last_days(date(2026, 3, 31), 30).step(-1).last
        datetime.date(2026, 3, 1)
        """
        try:
            if self.kind is Kind.YEAR:
                return year_of(self.first.year + n)
            if self.kind is Kind.MONTH:
                months = self.first.year * 12 + self.first.month - 1 + n
                return month_of(date(months // 12, months % 12 + 1, 1))
            shift = timedelta(days=self.n_days * n)
            return Period(self.first + shift, self.last + shift)
        except (ValueError, OverflowError):
            return None

    def before(self, n: int) -> tuple[Period, ...]:
        """Give up to ``n`` periods of the same kind before it, the latest first."""
        found = (self.step(-i) for i in range(1, n + 1))
        return tuple(period for period in found if period is not None)

    def same_day_in(self, day: date, other: Period) -> date | None:
        """Give the day of another period of this kind that stands beside a day of this one.

        By the date: the same weekday, day of the month, or day of the year; never by how
        many bars come before it. None where there is none (31 March has none in April).
        """
        if self.kind is Kind.YEAR:
            try:
                return day.replace(year=other.first.year)
            except ValueError:
                return None
        if self.kind is Kind.MONTH:
            try:
                return day.replace(year=other.first.year, month=other.first.month)
            except ValueError:
                return None
        return other.first + (day - self.first)


def week_of(day: date) -> Period:
    """Give the week from Monday that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """Give the month that holds a day."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(first, following - timedelta(days=1))


def year_of(year: int) -> Period:
    """Give a calendar year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def last_days(day: date, n: int) -> Period:
    """Give the ``n`` days that end with a day."""
    return Period(day - timedelta(days=n - 1), day)
