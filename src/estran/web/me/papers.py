"""Papers of the rows of imports."""

from estran.web import papers
from estran.web.me.models import Import, SealedUpload

papers.owned(SealedUpload, "of_import__person", ("size_bytes",), rank=10)
papers.owned(
    Import,
    "person",
    ("state", "n_files", "size_bytes", "n_positions_new", "n_positions_known", "created_at"),
    rank=20,
)
