"""Papers of recaps."""

from estran.web import papers
from estran.web.recaps.models import Wish

papers.owned(Wish, "person", ("every", "with_sums", "sent_of"), rank=30)
