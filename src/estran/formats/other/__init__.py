"""Know the files that hold no positions, or that Estran does not read yet."""

from __future__ import annotations


def kind_of(head: bytes) -> str | None:
    """Tell which known but unhelpful file a head belongs to.

    Returns
    -------
    str or None
        A key of :data:`estran.wording.OTHER_FILES`.
    """
    return "fit" if head[8:12] == b".FIT" else None
