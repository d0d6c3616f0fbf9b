"""What a person can do with their data: one function an action, called by views.

Each checks the right, opens what it needs, stores, and says what follows. Nothing here
imports the engine: analysis runs in the workers.
"""

from estran.web.accounts.keylife import open_vault
from estran.web.me.work.erasure import Receipt, erase_everything
from estran.web.me.work.fresh import erase_vault
from estran.web.me.work.imports import (
    Progress,
    brought,
    import_progress,
    import_report,
    imports,
    missing_imports,
    never_kept,
    retry_import,
    start_import,
    undo_import,
)
from estran.web.me.work.reading import KnownDays, journal, known_days, period_facts, period_summary
from estran.web.me.work.saying import (
    Batch,
    correct_mode,
    corrections,
    history,
    new_correction,
    say,
    take_back,
)

__all__ = [
    "Batch",
    "KnownDays",
    "Progress",
    "Receipt",
    "brought",
    "correct_mode",
    "corrections",
    "erase_everything",
    "erase_vault",
    "history",
    "import_progress",
    "import_report",
    "imports",
    "journal",
    "known_days",
    "missing_imports",
    "never_kept",
    "new_correction",
    "open_vault",
    "period_facts",
    "period_summary",
    "retry_import",
    "say",
    "start_import",
    "take_back",
    "undo_import",
]
