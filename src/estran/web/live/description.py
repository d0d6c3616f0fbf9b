"""The description of our own interface, for whoever writes a program."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from estran.wire.openapi import openapi


@require_safe
def description(_request: HttpRequest) -> JsonResponse:
    """Give the OpenAPI file of ``POST /ingest/points``."""
    return JsonResponse(openapi())
