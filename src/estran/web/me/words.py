"""Numbers, times and modes as people read them, in one language.

What is SI inside becomes kilometres, hours and kilograms here, and nowhere else on the site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import floor, isnan, log10
from typing import Self

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

from estran.timebase import to_datetime
from estran.travel import Co2e, Mode, Purpose
from estran.wording import MODE_NAMES, N_, PURPOSE_NAMES, REASONS, say

HARD = "\N{NO-BREAK SPACE}"
"""Between a number and its unit, so that a line never ends in between."""

WIDE_FACTOR = 1.5
"""An interval wider than this is told by its ends; a narrower one by "about"."""

MODES: Mapping[Mode, str] = {Mode(key): name for key, name in MODE_NAMES.items()}
"""Name of each mode, in the order in which they are proposed."""

QUALITIES: Mapping[str, tuple[str, str]] = {
    "good": (N_("Well seen"), N_("Your phone saw this trip closely: its length and times hold.")),
    "sparse": (N_("Few points"), N_("Few points were kept here: length and modes are rough.")),
    "gappy": (
        N_("Partly seen"),
        N_("A part was not seen. The straight line bridges it; the real way was longer."),
    ),
    "guessed": (
        N_("Proposed"),
        N_("No point was kept here. The trip is proposed from what comes before and after."),
    ),
    "declared": (
        N_("Declared"),
        N_("No point was kept here. You told of this trip, by a ticket or as a habit."),
    ),
}
"""Short and long words for how well a trip was seen."""

UNKNOWNS: Mapping[str, str] = {
    "gap": N_("No point was kept during this time. It may be a stay or a trip."),
    "tracking-off": N_("Recording was switched off."),
    "no-permission": N_("The phone gave no positions: location was off, or not permitted."),
    "battery-flat": N_("The phone’s battery ran out."),
    "phone-off": N_("The phone was started anew during this time: it had been off."),
    "no-position": N_("The phone was on, but found no position or was not asked for one."),
    "phone-silent": N_("The phone sent nothing at all: it was off, or its apps were put to sleep."),
    "erased": N_("You erased this time."),
    "removed": N_("You said that what was seen here was no trip."),
    "never-kept": N_("In a place that you never keep."),
}
"""Why time is unknown."""


PARTS_OF_WEEK: Mapping[str, str] = {
    "peak": N_("Weekdays, peak hours"),
    "off_peak": N_("Weekdays, other hours"),
    "weekend": N_("Weekend"),
}

ASK_BELOW_SHARE = 0.6
"""A mode less probable than this is asked about rather than stated."""

CHANCES: tuple[tuple[float, str], ...] = (
    (0.9, N_("very likely")),
    (ASK_BELOW_SHARE, N_("likely")),
    (0.0, N_("perhaps")),
)
"""Words for probabilities from each on: on labelled phones, modes from 0.9 on came true 19
times in 20 and those below 0.6 half of the time (docs/algorithms/accuracy.md)."""


@dataclass(frozen=True)
class Words:
    r"""One language's way to say quantities.

    Parameters
    ----------
    language : str
        ``"fr"`` or ``"en"``.
    translate : callable
        Lookup of a msgid; identity gives English.
    count : callable
        Lookup of a msgid by number: ``count(singular, plural, n)``.

    Examples
    --------
    >>> words = Words("en")
    >>> words.distance(12_440), words.distance(345), words.duration(3900)
    ('12.4\xa0km', '350\xa0m', '1\xa0h\xa005')
    """

    language: str = "en"
    translate: Callable[[str], str] = str
    count: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with at most so many decimals."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(round(value, digits) + 0.0, pattern, locale=self.locale))

    @property
    def locale(self) -> str:
        """Name the locale for dates and numbers: 24 hours and metres in both languages."""
        return "fr_FR" if self.language.startswith("fr") else "en_GB"

    def distance(self, distance_m: float) -> str:
        """Write a length: metres under a kilometre, else kilometres; unknown is said."""
        if isnan(distance_m):
            return self.translate("unknown length")
        if distance_m < 950:  # noqa: PLR2004 - rounded to tens it stays under 1 km
            return f"{self.number(floor(distance_m / 10 + 0.5) * 10)}{HARD}m"
        km = distance_m / 1000
        return f"{self.number(km, 1 if km < 100 else 0)}{HARD}km"  # noqa: PLR2004 - three figures are enough

    def euros(self, eur: float) -> str:
        r"""Write an amount: cents under ten euros, whole euros above.

        Examples
        --------
        >>> Words("fr").euros(3.5), Words("en").euros(1234.5)
        ('3,50\xa0€', '1,234\xa0€')
        """
        if isnan(eur):
            return self.translate("unknown")
        pattern = "#,##0.00" if abs(eur) < 10 and round(eur, 2) % 1 else "#,##0"  # noqa: PLR2004 - as said
        return f"{format_decimal(eur, pattern, locale=self.locale)}{HARD}€"

    def duration(self, duration_s: float) -> str:
        """Write a span of time as minutes, or hours and minutes."""
        if isnan(duration_s):
            return self.translate("unknown time")
        minutes = floor(duration_s / 60 + 0.5)
        if minutes < 60:  # noqa: PLR2004 - minutes in an hour
            return f"{max(minutes, 1) if duration_s > 0 else 0}{HARD}min"
        hours, rest = divmod(minutes, 60)
        return f"{self.number(hours)}{HARD}h" + (f"{HARD}{rest:02d}" if rest else "")

    def clock(self, time_us: int, tz: str) -> str:
        """Write the time of day where it happened."""
        return to_datetime(time_us, tz).strftime("%H:%M")

    def day(self, day: date) -> str:
        """Write a day in full: weekday, day, month, year."""
        text = self._dated(day, "EEEE d MMMM y")
        return text[:1].upper() + text[1:]

    def day_short(self, day: date) -> str:
        """Write a day without its year."""
        text = self._dated(day, "EEEE d MMMM")
        return text[:1].upper() + text[1:]

    def day_tiny(self, day: date) -> str:
        """Write a day and its month in short, beside a time."""
        return self._dated(day, f"d{HARD}MMM")

    def day_month(self, day: date, *, year: bool = False) -> str:
        """Write a day and its month, with the year on demand."""
        return self._dated(day, "d MMMM y" if year else "d MMMM")

    def _dated(self, day: date, pattern: str) -> str:
        """Write a date; French counts the first of a month as the first."""
        if day.day == 1 and str(self.locale).startswith("fr"):
            pattern = pattern.replace("d", "d'er'", 1)
        return str(format_date(day, pattern, locale=self.locale))

    def month(self, day: date) -> str:
        """Write a month and its year."""
        text = format_skeleton("yMMMM", day, locale=self.locale)
        return text[:1].upper() + text[1:]

    def month_initial(self, day: date) -> str:
        """Write a month's first letter, for under a narrow bar."""
        return str(format_date(day, "LLLLL", locale=self.locale))

    def month_short(self, day: date) -> str:
        """Write a month's short name."""
        return str(format_date(day, "LLL", locale=self.locale))

    def weekdays(self) -> tuple[str, ...]:
        """Give the short names of the days, Monday first."""
        monday = date(2024, 1, 1)
        return tuple(
            format_date(monday.replace(day=1 + i), "ccc", locale=self.locale) for i in range(7)
        )

    def instant(self, when: datetime) -> str:
        """Write a date and a time of day."""
        return str(format_datetime(when, "d MMMM y, HH:mm", locale=self.locale))

    def percent(self, share: float) -> str:
        """Write a share as a percentage."""
        if isnan(share):
            return self.translate("unknown")
        sign = "\N{NARROW NO-BREAK SPACE}%" if self.language.startswith("fr") else "%"
        return f"{self.number(share * 100)}{sign}"

    def chance(self, share: float) -> str:
        """Say how probable a mode is; "" when nobody said."""
        if isnan(share):
            return ""
        return self.translate(next(text for least, text in CHANCES if share >= least))

    def mode(self, mode: Mode | str) -> str:
        """Name a mode."""
        return self.translate(MODES[Mode(mode)])

    def purpose(self, purpose: Purpose | None) -> str:
        """Name a purpose; "" when there is none."""
        return self.translate(PURPOSE_NAMES[purpose]) if purpose else ""

    def co2e(self, co2e: Co2e | None) -> str:
        r"""Write an estimate: "about 1.2 kg", or its ends where they are far apart.

        Examples
        --------
        >>> nan = float("nan")
        >>> Words("en").co2e(Co2e(1210, 1000, 1400, nan, nan, nan, nan))
        'about 1.2\xa0kg'
        >>> Words("en").co2e(Co2e(1210, 780, 1900, nan, nan, nan, nan))
        'between 0.8 and 1.9\xa0kg'
        """
        if co2e is None or isnan(co2e.central_g):
            return self.translate("not estimated")
        if co2e.high_g < 0.5:  # noqa: PLR2004 - it rounds to nothing
            return f"0{HARD}g"
        if co2e.high_g > co2e.low_g * WIDE_FACTOR:
            return self.co2e_interval(co2e)
        return self.translate("about {mass}").format(mass=self.mass(co2e.central_g))

    def co2e_interval(self, co2e: Co2e) -> str:
        """Write the interval always: what a tap on the estimate shows."""
        unit_g, unit = _unit(co2e.high_g)
        low, high = co2e.low_g / unit_g, co2e.high_g / unit_g
        digits = _digits(high)
        return self.translate("between {low} and {high}").format(
            low=self._rounded(low, digits), high=f"{self._rounded(high, digits)}{HARD}{unit}"
        )

    def mass(self, mass_g: float) -> str:
        """Write a mass with two significant figures: g, kg or t."""
        if isnan(mass_g):
            return self.translate("not estimated")
        unit_g, unit = _unit(mass_g)
        return f"{self._rounded(mass_g / unit_g)}{HARD}{unit}"

    def _rounded(self, value: float, digits: int | None = None) -> str:
        """Round to two significant figures, as the estimates allow no more."""
        if digits is None:
            digits = _digits(value)
        return self.number(round(value, digits), max(digits, 0))

    def reason(self, code: str, params: tuple[tuple[str, str | float], ...]) -> str:
        """Say a piece of evidence."""
        values = {k: v if isinstance(v, str) else _Number(v, self) for k, v in params}
        return say(REASONS, code, values, self.translate)


class _Number(float):
    """A number that a sentence's ``{n:.1f}`` writes in the reader's language."""

    words: Words

    def __new__(cls, value: float, words: Words) -> Self:
        number = super().__new__(cls, value)
        number.words = words
        return number

    def __format__(self, spec: str) -> str:
        """Take the decimals of ``.1f``; the mark between them is the language's."""
        digits = int(spec[1:-1]) if spec[:1] == "." and spec[-1:] == "f" else 1
        return self.words.number(float(self), digits)


def _digits(value: float) -> int:
    """Tell which decimal is the second significant figure."""
    return max(1 - floor(log10(abs(value))), -2) if value else 0


def _unit(mass_g: float) -> tuple[float, str]:
    """Choose the unit of a mass: its size in grams and its sign."""
    if abs(mass_g) < 995:  # noqa: PLR2004 - rounded to two figures it stays under 1 kg
        return 1.0, "g"
    return (1000.0, "kg") if abs(mass_g) < 995_000 else (1e6, "t")  # noqa: PLR2004 - the same for 1 t
