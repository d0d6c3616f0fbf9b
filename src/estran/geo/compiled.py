"""Compiling loops over positions: one decorator, so that kernels stay typed and testable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=np.generic)


_LEAN: dict[str, Any] = {"no_cfunc_wrapper": True, "error_model": "numpy"}
"""No way in from C, which nobody takes, and no watch over divisions by zero."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over arrays to machine code, kept on disk between runs.

    The plain function stays reachable as :func:`plain` gives it: the tests run both.
    Importing a module of kernels imports numba, so only the engine does. Nothing divides by
    zero in a kernel, so that no division is watched.
    """
    made: Callable[P, R] = njit(cache=True, nogil=True, **_LEAN)(function)
    return made


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a part of kernels with them: called from Python it is a plain function.

    It costs no way in from Python and no file on the disk.
    """
    made: Callable[P, R] = register_jitable(**_LEAN)(function)
    return made


def plain(function: Callable[P, R]) -> Callable[P, R]:
    """Give the Python function behind a compiled one."""
    return cast("Callable[P, R]", getattr(function, "py_func", function))


def frozen(column: NDArray[S]) -> NDArray[S]:
    """Give a contiguous read-only view: one kind of array, one compilation of each kernel."""
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view
