"""A person's devices as the pages show them: row, name, health and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from estran.web.accounts.models import Person
from estran.web.live import catalogue
from estran.web.live.cures import cures, type_words
from estran.web.live.documents import DeviceNotes, notes_by_device, read_notes
from estran.web.live.freshness import NEEDS_CURE, Health, Heard, health_of
from estran.web.live.models import Device
from estran.web.live.setup import Phone
from estran.web.live.work import devices_of
from estran.web.retention import pausing
from estran.web.store.opened import OpenVault


@dataclass(frozen=True, slots=True)
class Shown:
    """A device as a page shows it."""

    row: Device
    notes: DeviceNotes
    health: Health
    said: str
    cures: tuple[type_words, ...]

    @property
    def name(self) -> str:
        """What its person calls it, or else its app."""
        return self.notes.name or str(self.app_name)

    @property
    def app_name(self) -> type_words:
        """The name of its app."""
        return catalogue.name_of(self.row.app)

    @property
    def needs_cure(self) -> bool:
        """Tell whether something should be looked at."""
        return self.health in NEEDS_CURE


def phone_of(notes: DeviceNotes) -> Phone:
    """Read the system of a phone; what is unknown is other."""
    try:
        return Phone(notes.phone)
    except ValueError:
        return Phone.OTHER


def shelf(person: Person, vault: OpenVault) -> list[Shown]:
    """Show all devices of a person."""
    notes, paused = notes_by_device(vault), not pausing.collects(person)
    return [
        _shown(row, notes.get(row.pk.hex, DeviceNotes()), paused=paused)
        for row in devices_of(person)
    ]


def one_of(person: Person, vault: OpenVault, row: Device) -> Shown:
    """Show one device."""
    return _shown(row, read_notes(vault, row.pk.hex), paused=not pausing.collects(person))


def _shown(row: Device, notes: DeviceNotes, *, paused: bool) -> Shown:
    now = timezone.now()
    is_paused = paused or row.paused_at is not None
    heard = Heard(row.made_at, row.last_received_at, row.last_point_at, is_paused)
    health = health_of(heard, now)
    said = _said(heard, health, now)
    return Shown(row, notes, health, said, cures(row.app, phone_of(notes), health))


def _said(heard: Heard, health: Health, now: datetime) -> str:
    """Say in a sentence when a device was heard."""
    if health is Health.PAUSED:
        return _("Paused: what it sends is not kept.")
    if heard.received_at is None:
        if health is Health.WAITING:
            return _("Waiting for its first point…")
        return _("Nothing has come from it yet.")
    if health is Health.BLIND:
        return _("Heard {ago} ago, without a new position.").format(
            ago=timesince(heard.received_at, now, depth=1)
        )
    last = heard.point_at or heard.received_at
    return _("Last point {ago} ago.").format(ago=timesince(last, now, depth=1))
