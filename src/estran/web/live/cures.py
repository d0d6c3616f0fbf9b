"""What helps when a device is not heard: by app and by system, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estran.web.live import catalogue as apps
from estran.web.live.freshness import NEEDS_CURE, Health
from estran.web.live.setup import Phone

type_words = str | Promise

_REACHABLE = _(
    "Open this site in the phone’s own browser, away from home too. Where it does not open, the "
    "phone cannot send: the name or the network of the site is the cause, not the app."
)
_TOKEN = _(
    "Was the token renewed, or the device removed and added again? Then set the app up again "
    "with the new link."
)
_SETUP_AGAIN = _(
    "Compare the address in the app with the one on the page of its setup, letter by letter; or "
    "renew the token and use the new link, which fills in everything."
)
_ON: Mapping[str, type_words] = {
    apps.OWNTRACKS: _(
        "In OwnTracks, look at the sign of the mode: “quiet” and “manual” send nothing by "
        "themselves. Its status page shows the last answer of this site."
    ),
    apps.OVERLAND: _(
        "Is the tracker turned on in Overland? Its queue shows how many points wait; “Send now” "
        "shows the answer of this site."
    ),
    apps.COLOTA: _(
        "Is the tracking started in Colota? “Test connection” in its settings tells what is "
        "wrong, and it sends nothing in the places where you let it pause."
    ),
    apps.GPSLOGGER: _("Is the logging started in GPSLogger, and the profile “estran” chosen?"),
    apps.TRACCAR: _("Is the tracking turned on in Traccar Client? Its status page tells more."),
    apps.HOME_ASSISTANT: _(
        "In Home Assistant, look at the trace of the automation “Estran”, and whether the phone "
        "itself has a fresh position there."
    ),
    apps.PHONETRACK: _("Is the logging started in the app, and the address whole?"),
    apps.SCRIPT: _("Run the script by hand: the answer names each point that was not taken."),
}
_QUEUE: Mapping[str, type_words] = {
    apps.OWNTRACKS: _(
        "OwnTracks keeps what it could not send and tries again; opening the app hastens it."
    ),
    apps.OVERLAND: _("Overland keeps what it could not send; opening the app hastens it."),
    apps.COLOTA: _(
        "Colota keeps what it could not send. If it may only send by Wi-Fi, it waits for one."
    ),
    apps.GPSLOGGER: _("GPSLogger keeps some points and tries again when a network is there."),
    apps.TRACCAR: _("Traccar Client keeps what it could not send, if buffering is on."),
}
_ANDROID = (
    _(
        "Android stops apps that save battery: Settings, Apps, the app, Battery, “Unrestricted”. "
        "Samsung, Xiaomi, Huawei, Oppo and OnePlus have a second list: allow it to start by "
        "itself there."
    ),
    _("Settings, Apps, the app, Permissions, Location: “Allow all the time” and “precise”."),
)
_IPHONE = (
    _("Settings, the app, Location: “Always”, and “Precise location” on."),
    _(
        "Settings, General, Background App Refresh: on for the app. An app that was swiped away "
        "sleeps until it is opened again."
    ),
)
_BLIND = (
    _(
        "The app is heard, yet its newest position is old. Is the location of the phone turned "
        "off, or the permission taken back? Open the app outside, under the sky."
    ),
    _("It may be sending what waited since then: look again in an hour."),
)


def cures(app: str, phone: Phone, health: Health) -> tuple[type_words, ...]:
    """Tell what helps, the likeliest first; nothing for a device that is well."""
    if health not in NEEDS_CURE:
        return ()
    permissions = {Phone.ANDROID: _ANDROID, Phone.IPHONE: _IPHONE}.get(phone, ())
    if health is Health.BLIND:
        return (*_BLIND, *permissions)
    on = (_ON[app],) if app in _ON else ()
    if health is Health.SILENT:
        return (*on, _SETUP_AGAIN, _REACHABLE, *permissions)
    queue = (_QUEUE[app],) if app in _QUEUE else ()
    return (*on, *permissions, *queue, _REACHABLE, _TOKEN)
