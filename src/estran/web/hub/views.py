"""The coach's front page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_required
@require_safe
def coach(request: HttpRequest) -> HttpResponse:
    """Show what the coach can do."""
    return render(request, "hub/coach.html", {"here": "coach"})
