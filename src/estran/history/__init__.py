"""The person's own history: what they said of trips, as evidence for similar ones.

docs/algorithms/history.md gives the method.
"""

from estran.history.evidence import Recall, with_history
from estran.history.said import NOTHING_SAID, Said, said_of
from estran.history.values import NO_HISTORY, History, remembered, united

__all__ = [
    "NOTHING_SAID",
    "NO_HISTORY",
    "History",
    "Recall",
    "Said",
    "remembered",
    "said_of",
    "united",
    "with_history",
]
