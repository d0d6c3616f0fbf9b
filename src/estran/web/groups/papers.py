"""Papers of the rows of groups."""

from estran.web import papers
from estran.web.groups.models import Invitation, Member

papers.owned(Member, "person", ("circle_id", "joined_at"), rank=30)
papers.owned(Invitation, "made_by", ("circle_id", "ends_at"), rank=30)
