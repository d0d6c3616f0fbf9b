"""What the recorder's script says, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext, ngettext

from estran.travel import Mode
from estran.web.me.words import MODES

_NOT_OFFERED = {Mode.WAIT, Mode.UNKNOWN}


def words() -> dict[str, object]:
    """Give texts by key; a pair is one and many, ``{n}`` is filled in by the script."""
    return {
        "modes": {str(m): gettext(name) for m, name in MODES.items() if m not in _NOT_OFFERED},
        "guess": gettext("Let Estran guess"),
        "recording": gettext("Recording"),
        "paused": gettext("Paused"),
        "finished": gettext("Finished"),
        "elsewhere": gettext("Another tab of this browser is recording."),
        "unsent": _pair(
            lambda n: ngettext("{n} point is not sent yet.", "{n} points are not sent yet.", n)
        ),
        "refused": _pair(
            lambda n: ngettext("{n} point was refused.", "{n} points were refused.", n)
        ),
        "all_sent": gettext("Everything is sent."),
        "gap": _pair(
            lambda n: ngettext(
                "The page was hidden for {n} minute: nothing was recorded meanwhile.",
                "The page was hidden for {n} minutes: nothing was recorded meanwhile.",
                n,
            )
        ),
        "connected": gettext("This browser is connected."),
        "not_connected": gettext("This did not work. Try again in a moment."),
        **_signals(),
        **_notes(),
        **_troubles(),
    }


def _pair(count: Callable[[int], str]) -> list[str]:
    return [count(1), count(2)]


def _signals() -> dict[str, str]:
    return {
        "signal_searching": gettext("Looking for your position…"),
        "signal_good": gettext("Position found."),
        "signal_poor": gettext("The position is rough: it is kept, but adds no distance."),
        "signal_lost": gettext("No position just now. The recording goes on."),
        "not_awake": gettext(
            "This browser does not keep the screen on: set its time-out longer, or touch it."
        ),
    }


def _notes() -> dict[str, str]:
    return {
        "note_started": gettext("The recording has begun."),
        "note_resumed": gettext("The recording goes on."),
        "note_paused": gettext("Paused. Nothing is recorded until you go on."),
        "note_stale": gettext("A trip was left open. Go on with it, or finish it."),
        "note_finished": gettext("The trip is finished."),
        "note_denied": gettext("The position is not permitted."),
        "note_full": gettext("This browser has no room left: nothing more can be kept."),
    }


def _troubles() -> dict[str, str]:
    return {
        "denied_ios": gettext(
            "The position is not permitted. In the iPhone’s settings: Privacy, Location "
            "Services, Safari Websites, While Using the App. Then start again."
        ),
        "denied_android": gettext(
            "The position is not permitted. Tap the icon left of the address, Permissions, "
            "Location, Allow. Then start again."
        ),
        "denied_firefox": gettext(
            "The position is not permitted. Tap the lock beside the address, clear the blocked "
            "location, and start again."
        ),
        "denied_desktop": gettext(
            "The position is not permitted. Click the icon beside the address, allow the "
            "location, and start again."
        ),
        "insecure": gettext("Recording needs an address that begins with https."),
        "no_geolocation": gettext("This browser cannot tell where it is."),
        "no_storage": gettext("This browser keeps nothing here: leave the private window."),
    }
