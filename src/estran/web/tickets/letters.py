"""Letters that ask for one's data: written, reminded of, followed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from estran.errors import NotFound
from estran.tickets.letters import Letter, LetterState, Recipient, due_on, is_late
from estran.web.accounts import keylife
from estran.web.store.opened import OpenVault
from estran.web.tickets import documents as docs
from estran.web.tickets import work
from estran.web.tickets.forms import LetterForm
from estran.web.tickets.models import Reminder
from estran.web.tickets.wordings import LETTER_STATES, RECIPIENTS

NAMES = {
    Recipient.SNCF: "SNCF Voyageurs", Recipient.BLABLACAR: "Comuto SA (BlaBlaCar)",
    Recipient.IDFM: "Île-de-France Mobilités", Recipient.GOOGLE: "Google Ireland Limited",
}  # fmt: skip
"""How recipients sign; where to write is on their own privacy page, which may change."""


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List letters and how far they are."""
    vault = keylife.open_vault(request)
    today = timezone.localdate()
    rows = [
        (
            one,
            name_of(one),
            LETTER_STATES[one.state],
            one.sent_on and due_on(one.sent_on),
            is_late(one, today),
        )
        for one in docs.read_letters(vault)
    ]
    return render(request, "tickets/letters.html", {"rows": rows})


def name_of(letter: Letter) -> str:
    """Name whom a letter goes to."""
    return letter.to_name or NAMES.get(letter.recipient) or str(RECIPIENTS[letter.recipient])


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a letter."""
    vault = keylife.open_vault(request)
    initial = {
        "language": translation.get_language() or "fr",
        "recipient": request.GET.get("to", "sncf")[:20],
    }
    form = LetterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        letter = Letter(
            id=work.new_id(), recipient=Recipient(given["recipient"]), language=given["language"],
            made_on=timezone.localdate(), to_name=given["to_name"], to_mail=given["to_mail"],
            sender=given["sender"], known_by=given["known_by"],
        )  # fmt: skip
        docs.write_letter(vault, letter)
        return redirect("letter", letter.id)
    return render(
        request, "tickets/letter_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _found(vault: OpenVault, letter_id: str) -> Letter:
    found = next((one for one in docs.read_letters(vault) if one.id == letter_id), None)
    if found is None:
        raise NotFound
    return found


@login_required
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Show a letter ready to send; note what was done with it."""
    vault = keylife.open_vault(request)
    found = _found(vault, letter_id)
    if request.method == "POST":
        return _done(request, vault, found)
    today = timezone.localdate()
    kind = _kind(found, today)
    subject, text = text_of(found, kind)
    values = {
        "letter": found, "name": name_of(found), "state": LETTER_STATES[found.state],
        "subject": subject, "text": text, "kind": kind,
        "mailto": f"mailto:{quote(found.to_mail)}?subject={quote(subject)}&body={quote(text)}",
        "due": found.sent_on and due_on(found.sent_on), "is_late": is_late(found, today),
        "has_mail": settings.ESTRAN_HAS_MAIL, "today": today,
        "is_reminded": _reminders(request, found).exists(),
    }  # fmt: skip
    return render(request, "tickets/letter.html", values)


def _reminders(request: HttpRequest, letter: Letter) -> QuerySet[Reminder]:
    return Reminder.objects.filter(person=keylife.person_of(request), key=letter.id)


def _kind(letter: Letter, today: date) -> str:
    """Tell which text is to be sent next."""
    if letter.state is LetterState.COMPLAINT:
        return "complaint"
    is_second = letter.state is LetterState.REMINDED or is_late(letter, today)
    return "reminder" if is_second else "request"


def text_of(letter: Letter, kind: str) -> tuple[str, str]:
    """Write a letter in its language: its subject and its text."""
    with translation.override(letter.language):
        values = {"letter": letter, "name": name_of(letter), "kind": kind, "day": letter.sent_on}
        whole = render_to_string("tickets/letter_text.txt", values).strip()
    subject, _blank, text = whole.partition("\n")
    return subject.strip(), text.strip()


_STEPS = {
    "sent": LetterState.SENT, "reminded": LetterState.REMINDED, "answered": LetterState.ANSWERED,
    "complaint": LetterState.COMPLAINT,
}  # fmt: skip


def _done(request: HttpRequest, vault: OpenVault, found: Letter) -> HttpResponse:
    person = keylife.person_of(request)
    step = request.POST.get("step", "")
    if step == "remove":
        vault.delete_doc(docs.LETTER, found.id)
        Reminder.objects.filter(person=person, key=found.id).delete()
        messages.success(request, _("Deleted."))
        return redirect("letters")
    if step not in _STEPS:
        return redirect("letter", found.id)
    today = timezone.localdate()
    sent_on = _day(request.POST.get("sent_on", ""), today) if step == "sent" else found.sent_on
    after = replace(found, state=_STEPS[step], sent_on=sent_on or today)
    if step == "answered":
        after = replace(after, answered_on=today)
        Reminder.objects.filter(person=person, key=found.id).delete()
    docs.write_letter(vault, after)
    if step == "sent" and settings.ESTRAN_HAS_MAIL and "remind" in request.POST:
        Reminder.objects.update_or_create(
            person=person,
            key=found.id,
            defaults={"due_on": due_on(after.sent_on or today), "sent_at": None},
        )
    messages.success(request, _("Noted."))
    return redirect("letter", found.id)


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return min(day, today)


@login_required
@require_safe
def calendar(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Give the day by which an answer is due, for the person's own calendar."""
    found = _found(keylife.open_vault(request), letter_id)
    if found.sent_on is None:
        raise NotFound
    day = due_on(found.sent_on)
    summary = _("An answer is due: {name}").format(name=name_of(found))
    for mark in ("\\", ";", ","):
        summary = summary.replace(mark, f"\\{mark}")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Estran//tickets//EN", "BEGIN:VEVENT",
        f"UID:{found.id}@estran", f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{summary}", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT9H",
        f"DESCRIPTION:{summary}", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    response = HttpResponse("\r\n".join(lines), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="estran-reminder.ics"'
    return response
