"""The memory of a process that holds keys stays out of files."""

from __future__ import annotations

import contextlib
import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def keep_out_of_dumps() -> None:
    """Leave no core file, and let no other process of this user read the memory.

    The first holds for all that is started from here. The second is Linux's own, and is to
    be said in each program: a new program begins without it. The swap is not ours to
    close: see docs/security.md.
    """
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
