"""What the page of a setup shows: links, codes to scan, files, fields to fill in by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estran.web.live import catalogue, setup
from estran.web.live.setup import Broker, Connection

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

type_words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """A line to fill in by hand."""

    label: type_words
    value: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text to copy, and where it goes."""

    label: type_words
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How an app is set up: by its link where it has one, by hand in any case."""

    link: str = ""
    mqtt_link: str = ""
    start_link: str = ""
    file_name: str = ""
    fields: tuple[Field, ...] = ()
    snippets: tuple[Snippet, ...] = ()


def site_of(request: HttpRequest) -> str:
    """Give the address of the site, as phones reach it, without a slash at the end."""
    return settings.ESTRAN_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def doubt_of(site: str) -> str:
    """Tell why phones may not reach an address: ``"here"``, ``"clear"`` or ``""``.

    Examples
    --------
    >>> doubt_of("http://127.0.0.1:8000"), doubt_of("http://estran.example")
    ('here', 'clear')
    """
    parts = urlsplit(site)
    if (parts.hostname or "") in _LOOPBACK:
        return "here"
    return "clear" if parts.scheme == "http" else ""


def broker() -> Broker | None:
    """Give the broker that phones may publish to, where the operator runs one."""
    if not settings.ESTRAN_MQTT_PHONES:
        return None
    return setup.broker_of(settings.ESTRAN_MQTT_PHONES)


def code_for(text: str, label: str) -> str:
    """Draw a text to be scanned, as an image within the page; dark on light in any theme."""
    code = segno.make(text, error="l", micro=False)
    return str(
        code.svg_inline(
            border=4, dark="#000", light="#fff", omitsize=True, title=label, svgclass="qr-code",
            lineclass=None,
        )
    )  # fmt: skip


def plan_of(app: str, to: Connection, *, profile_address: str) -> Plan:
    """Tell how an app is set up.

    Parameters
    ----------
    app : str
    to : Connection
    profile_address : str
        Secret address of GPSLogger's profile.
    """
    make = _PLANS.get(app)
    if make is None:
        return Plan()
    return _gpslogger(to, profile_address) if app == catalogue.GPSLOGGER else make(to)


_ADDRESS, _TOKEN, _USER = _("Address"), _("Token"), _("User")
_PASSWORD, _DEVICE, _MODE = _("Password"), _("Device"), _("Mode")
_METHOD, _BODY, _HEADER = _("Method"), _("Body"), _("Headers")


def _owntracks(to: Connection) -> Plan:
    phones = broker()
    by_mqtt = setup.owntracks_mqtt_configuration(to, phones) if phones else None
    return Plan(
        link=setup.owntracks_link(setup.owntracks_configuration(to)),
        mqtt_link=setup.owntracks_link(by_mqtt) if by_mqtt else "",
        file_name=setup.OTRC,
        fields=(
            Field(_MODE, "HTTP"),
            Field(_ADDRESS, to.address("owntracks")),
            Field(_USER, setup.USER),
            Field(_PASSWORD, to.token),
            Field(_DEVICE, to.label),
        ),
    )


def _overland(to: Connection) -> Plan:
    return Plan(
        link=setup.overland_link(to),
        fields=(
            Field(_ADDRESS, to.address("overland")),
            Field(_TOKEN, to.token),
            Field(_DEVICE, to.label),
        ),
    )


def _colota(to: Connection) -> Plan:
    return Plan(
        link=setup.colota_link(to),
        fields=(
            Field(_ADDRESS, to.address("colota")),
            Field(_MODE, "Overland"),
            Field(_("Bearer token"), to.token),
        ),
    )


def _gpslogger(to: Connection, profile_address: str) -> Plan:
    return Plan(
        link=setup.gpslogger_link(profile_address),
        fields=(
            Field(_ADDRESS, to.address("gpslogger")),
            Field(_METHOD, "POST"),
            Field(_HEADER, "Content-Type: application/json"),
            Field(_BODY, setup.GPSLOGGER_BODY),
            Field(_USER, setup.USER),
            Field(_PASSWORD, to.token),
        ),
    )


def _traccar(to: Connection) -> Plan:
    return Plan(
        link=setup.traccar_link(to),
        start_link=setup.TRACCAR_START,
        fields=(
            Field(_ADDRESS, to.address("traccar")),
            Field(_("Device identifier"), to.token),
        ),
    )


def _homeassistant(to: Connection) -> Plan:
    files = setup.homeassistant_files(to)
    return Plan(snippets=tuple(Snippet(name, text) for name, text in files.items()))


def _phonetrack(to: Connection) -> Plan:
    return Plan(
        snippets=(
            Snippet(_("The address alone"), setup.phonetrack_address(to)),
            Snippet(_("With places for values, as GPSLogger has them"), setup.phonetrack_query(to)),
        )
    )


def _script(to: Connection) -> Plan:
    return Plan(
        fields=(Field(_ADDRESS, to.address("script")), Field(_TOKEN, to.token)),
        snippets=(Snippet(_("On a command line"), setup.curl_example(to)),),
    )


_PLANS: Mapping[str, Callable[[Connection], Plan]] = {
    catalogue.OWNTRACKS: _owntracks,
    catalogue.OVERLAND: _overland,
    catalogue.COLOTA: _colota,
    catalogue.GPSLOGGER: lambda to: _gpslogger(to, ""),
    catalogue.TRACCAR: _traccar,
    catalogue.HOME_ASSISTANT: _homeassistant,
    catalogue.PHONETRACK: _phonetrack,
    catalogue.SCRIPT: _script,
}
