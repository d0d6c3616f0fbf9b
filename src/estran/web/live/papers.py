"""Papers of the rows of devices."""

from estran.web import papers
from estran.web.live.models import Device, Waiting

papers.owned(
    Device, "person", ("app", "made_at", "last_received_at", "last_point_at", "paused_at"), rank=0
)
papers.owned(Waiting, "person", ("since",))
