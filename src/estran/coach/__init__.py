"""Rules over a journal: corrections and summaries."""

from estran.coach.corrections import Correction, SaidLeg, apply, said_by
from estran.coach.summary import ModeSummary, MonthSummary, PeriodSummary, summarise

__all__ = [
    "Correction",
    "ModeSummary",
    "MonthSummary",
    "PeriodSummary",
    "SaidLeg",
    "apply",
    "said_by",
    "summarise",
]
