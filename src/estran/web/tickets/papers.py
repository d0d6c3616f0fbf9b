"""Papers of reminders."""

from estran.web import papers
from estran.web.tickets.models import Reminder

papers.owned(Reminder, "person", ("due_on", "sent_at"), rank=30)
