"""Wishing for recaps, and ending them by one press without signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from estran.errors import NotFound, ValueOutOfRange
from estran.web.accounts import keylife
from estran.web.me import service
from estran.web.recaps.models import Wish
from estran.web.recaps.sending import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recaps(request: HttpRequest) -> HttpResponse:
    """Show and take what a person wishes."""
    person = keylife.person_of(request)
    if request.method == "POST":
        every = request.POST.get("every", "")
        if every not in {"", *Wish.Every.values}:
            raise ValueOutOfRange(name="every", expected="week, month")
        if every:
            with_sums = request.POST.get("with_sums") == "yes"
            Wish.objects.update_or_create(
                person=person, defaults={"every": every, "with_sums": with_sums}
            )
        else:
            Wish.objects.filter(person=person).delete()
        messages.success(request, gettext("Noted."))
        return redirect("recaps")
    values = {
        "here": "coach",
        "wish": Wish.objects.filter(person=person).first(),
        "has_mail": settings.ESTRAN_HAS_MAIL,
        "coach_may": service.way_in(person.pk) is not None,
    }
    return render(request, "recaps/recaps.html", values)


@csrf_exempt  # A mail program presses it (RFC 8058): the signed address is the proof.
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the recaps of whoever's link it is; a look alone ends nothing."""
    person = person_of(token)
    if person is None:
        raise NotFound
    if request.method == "POST":
        Wish.objects.filter(person=person).delete()
    is_over = not Wish.objects.filter(person=person).exists()
    return render(request, "recaps/stop.html", {"is_over": is_over, "token": token})
