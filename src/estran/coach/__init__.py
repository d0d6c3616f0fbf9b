"""Rules over a journal: corrections and summaries."""

from estran.coach.corrections import Correction, SaidLeg, apply, said_by
from estran.coach.effort import Effort, effort_of
from estran.coach.recurring import Recurring
from estran.coach.simulate import Simulated
from estran.coach.summary import ModeSummary, MonthSummary, PeriodSummary, summarise

__all__ = [
    "Correction",
    "Effort",
    "ModeSummary",
    "MonthSummary",
    "PeriodSummary",
    "Recurring",
    "SaidLeg",
    "Simulated",
    "apply",
    "effort_of",
    "said_by",
    "summarise",
]
