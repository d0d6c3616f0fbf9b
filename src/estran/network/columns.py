"""Columns of numbers as one file: a NumPy archive that names its schema."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

type_columns = dict[str, NDArray[Any]]


def columns_to_bytes(schema: str, columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Write columns, whatever their shapes, under the name of their schema."""
    out = io.BytesIO()
    named = np.frombuffer(schema.encode(), np.uint8)
    np.savez_compressed(out, schema=named, **columns)  # type: ignore[arg-type]
    return out.getvalue()


def columns_from_bytes(content: bytes, schema: str, names: Iterable[str]) -> type_columns:
    """Read what :func:`columns_to_bytes` wrote.

    Raises
    ------
    ValueError
        This is no such file, it is damaged, or it is of another schema.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            found = bytes(held["schema"]).decode()
            columns = {name: held[name] for name in names}
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        msg = f"not a file of {schema}"
        raise ValueError(msg) from error
    if found != schema:
        msg = f"a file of another schema than {schema}"
        raise ValueError(msg)
    return columns
