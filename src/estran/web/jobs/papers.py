"""Papers of the rows of background work."""

from estran.web import papers
from estran.web.jobs.models import Job

# First of all: a job without its row stops at its next beat.
papers.owned(Job, "person", ("kind", "state", "created_at", "ended_at"), rank=1)
