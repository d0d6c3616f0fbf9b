"""Papers of pauses and warnings."""

from estran.web import papers
from estran.web.retention.models import Dormancy, Pause, Timed

papers.owned(Pause, "person", ("since", "until"), rank=30)
papers.owned(Timed, "person", ("looked_on",), rank=30)
papers.owned(Dormancy, "person", ("n_warnings", "warned_at"), rank=30)
