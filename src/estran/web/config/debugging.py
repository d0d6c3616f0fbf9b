"""What a page of an error may show where debugging is on: where it broke, and no value."""

from __future__ import annotations

from collections.abc import ItemsView
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = SafeExceptionReporterFilter.cleansed_substitute


class NoValues(SafeExceptionReporterFilter):
    """Django's report without variables, forms and cookies: they hold keys and places."""

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        tb_frame: TracebackType,  # noqa: ARG002 - same
    ) -> ItemsView[str, Any]:
        """Show no variable of any frame."""
        return {}.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Show the names of a form's fields only."""
        return dict.fromkeys(request.POST, HIDDEN) if request else {}

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        """Show the names of cookies only."""
        return dict.fromkeys(request.COOKIES, HIDDEN) if request else {}
