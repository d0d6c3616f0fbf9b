"""Papers of the rows that let apps read."""

from estran.web import papers
from estran.web.emission.models import ReadingSlot

papers.owned(ReadingSlot, "device__person", ("made_at", "expires_at", "noted_on"), rank=-1)
