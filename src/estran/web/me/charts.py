"""Bar charts as geometry: the template writes the SVG, the page's colours paint it.

Each chart is laid out twice, for a wide and for a narrow figure, so that its words keep
their size on a phone. The same numbers stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan, log10

N_TICKS = 4
"""About so many lines above the axis."""

type_size = tuple[int, int, int]
"""Width, height and left margin. [px]"""

WIDE: type_size = (560, 260, 70)
NARROW: type_size = (340, 250, 58)
TOP_PX, FOOT_PX = 12, 30
SMALLEST = 1e-6
"""Under this all bars are nothing, in any unit."""
BAR_SHARE = 0.62
"""How much of its step a bar takes."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One bar: NaN where nothing is known, which is drawn as such and not as zero."""

    label: str
    short: str
    value: float
    told: str
    low: float = float("nan")
    high: float = float("nan")
    past: float = float("nan")
    past_told: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar, its words, and where its interval and its past are drawn. [px]"""

    x: str
    y: str
    width: str
    height: str
    middle: str
    right: str
    label: str
    title: str
    low_y: str = ""
    high_y: str = ""
    past_y: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis and its words."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart laid out for one width."""

    css: str
    width: int
    height: int
    left: int
    base: str
    foot: str
    bars: tuple[Rect, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart with its words."""

    key: str
    title: str
    summary: str
    drawings: tuple[Drawing, ...]
    data: tuple[Datum, ...]
    has_past: bool


def bar_chart(
    key: str, title: str, data: Sequence[Datum], *, tell: Callable[[float], str], summary: str
) -> BarChart:
    """Lay out a chart.

    Parameters
    ----------
    key : str
        Its id in the page.
    title, summary : str
        What it shows; what a reader who does not see it should know.
    data : sequence of Datum
    tell : callable
        Words for a value on the axis.
    """
    top = nice_top([v for d in data for v in (d.value, d.high, d.past) if not isnan(v)])
    drawings = (
        _layout("for-wide", WIDE, data, top, tell),
        _layout("for-narrow", NARROW, data, top, tell),
    )
    has_past = any(not isnan(d.past) for d in data)
    return BarChart(key, title, summary, drawings, tuple(data), has_past)


def nice_top(values: Sequence[float]) -> float:
    """Choose where the axis ends: a round number at or above the largest value.

    Examples
    --------
    >>> nice_top([3.0, 41.0]), nice_top([]), nice_top([0.0])
    (60.0, 1.0, 1.0)
    """
    largest = max(values, default=0.0)
    if largest < SMALLEST:
        return 1.0
    step = nice_step(largest / N_TICKS)
    return step * ceil(largest / step)


def nice_step(value: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> nice_step(10.25), nice_step(0.3)
    (20.0, 0.5)
    """
    power = 10.0 ** floor(log10(value))
    return next(n * power for n in (1.0, 2.0, 5.0, 10.0) if n * power >= value * 0.999999)


def _layout(
    css: str, size: type_size, data: Sequence[Datum], top: float, tell: Callable[[float], str]
) -> Drawing:
    width, height, left = size
    base = height - FOOT_PX
    per_unit = (base - TOP_PX) / top
    step_px = (width - left - 4) / max(len(data), 1)
    bars = tuple(
        _rect(d, left + step_px * row, step_px, base, per_unit) for row, d in enumerate(data)
    )
    step = nice_step(top / N_TICKS)
    ticks = tuple(
        Tick(_px(base - step * row * per_unit), tell(step * row))
        for row in range(floor(top / step + 0.001) + 1)
    )
    return Drawing(css, width, height, left, _px(base), _px(base + 20), bars, ticks)


def _rect(datum: Datum, left: float, step_px: float, base: float, per_unit: float) -> Rect:
    width = step_px * BAR_SHARE
    x = left + (step_px - width) / 2
    known = not isnan(datum.value)
    height = max(datum.value * per_unit, 1.0) if known else 3.0
    words = f"{datum.label}: {datum.told}"
    if datum.past_told:
        words += f" ({datum.past_told})"

    def at(value: float) -> str:
        return "" if isnan(value) else _px(base - value * per_unit)

    return Rect(
        x=_px(x),
        y=_px(base - height),
        width=_px(width),
        height=_px(height),
        middle=_px(left + step_px / 2),
        right=_px(x + width),
        label=datum.short,
        title=words,
        low_y=at(datum.low),
        high_y=at(datum.high),
        past_y=at(datum.past),
        is_known=known,
    )


def _px(value: float) -> str:
    """Write a coordinate: a point for decimals in every language."""
    return f"{value:.1f}"
