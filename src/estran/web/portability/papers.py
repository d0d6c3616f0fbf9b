"""Papers of the rows of passages; their sealed files go with them."""

from estran.web import papers
from estran.web.accounts.models import Person
from estran.web.portability.files import discard
from estran.web.portability.models import Invitation, Passage

_COLUMNS = ("kind", "state", "size_bytes", "created_at", "ended_at", "expires_at")


def _erase(person: Person) -> int:
    rows = Passage.objects.filter(person=person)
    discard(list(rows.values_list("pk", flat=True)))
    return rows.delete()[0]


papers.register(
    Passage,
    papers.Papers(
        export=lambda person: list(Passage.objects.filter(person=person).values(*_COLUMNS)),
        erase=_erase,
        rank=10,
    ),
)
papers.owned(Invitation, "person", ("created_at", "expires_at", "used_at"), rank=10)
