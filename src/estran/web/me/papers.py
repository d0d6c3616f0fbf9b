"""Papers of the rows of imports."""

from estran.web import papers
from estran.web.me.models import Import, KeyChange, LogHead, SealedUpload, ServiceSlot

papers.owned(ServiceSlot, "vault__person", ("purpose", "expires_at", "made_at"), rank=0)
papers.owned(KeyChange, "vault__person", ("state", "asked_at", "ended_at"), rank=0)
papers.owned(LogHead, "vault__person", (), rank=15)
papers.owned(SealedUpload, "of_import__person", ("size_bytes",), rank=10)
papers.owned(
    Import,
    "person",
    ("state", "n_files", "size_bytes", "n_positions_new", "n_positions_known", "created_at"),
    rank=20,
)
