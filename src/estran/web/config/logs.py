"""Logs that bear no one's data: where it broke and what kind of error, never its words.

This is the belt. The proof is a test that runs a person's whole day under a handler that
fails on a planted coordinate, name or address.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any


class QuietFormatter(logging.Formatter):
    """Write a traceback as files, lines and error classes: values and messages stay out."""

    def formatException(  # noqa: N802 - logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Name the frames and the class of each error of the chain."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines.append(type(error).__qualname__)
            lines += [
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class NoQuery(logging.Filter):
    """Cut the query from a request's address before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten string arguments at their question mark."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                a.split("?", 1)[0] if isinstance(a, str) else a for a in record.args
            )
        return True


def quiet_hooks() -> None:
    """Write what nobody caught as everything else: Python's own words would tell values."""
    log = logging.getLogger("estran")

    def stopped(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.error("stopped", exc_info=(kind, error, trace))

    def told_apart(told: Any) -> None:
        if told.exc_value is not None:
            stopped(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook = stopped
    threading.excepthook = told_apart
    sys.unraisablehook = told_apart


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_query": {"()": NoQuery}},
    "formatters": {
        "quiet": {"()": QuietFormatter, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "quiet",
            "filters": ["no_query"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Replaces Django's handler that mails whole requests to the operator.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "estran": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
"""Configuration for :mod:`logging`."""
