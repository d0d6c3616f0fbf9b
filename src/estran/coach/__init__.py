"""Rules over a journal: corrections and summaries."""

from estran.coach.corrections import Correction, apply
from estran.coach.summary import ModeSummary, MonthSummary, PeriodSummary, summarise

__all__ = [
    "Correction",
    "ModeSummary",
    "MonthSummary",
    "PeriodSummary",
    "apply",
    "summarise",
]
