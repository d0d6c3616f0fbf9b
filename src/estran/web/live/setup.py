"""Configurations of apps, as links and files: pure makers, from a connection to text.

Facts come from the apps' own sources: OwnTracks' booklet and ``LoadViewModel.kt``, Overland's
``SceneDelegate.m``, Colota's ``SetupImportScreen.tsx``, GPSLogger's ``PreferenceNames.java``,
Traccar Client's ``configuration_service.dart``.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, unquote, urlencode, urlsplit

PATHS: Mapping[str, str] = {
    "owntracks": "/ingest/owntracks",
    "overland": "/ingest/overland",
    "colota": "/ingest/overland",
    "gpslogger": "/ingest/gpslogger",
    "traccar": "/ingest/traccar",
    "homeassistant": "/ingest/homeassistant",
    "phonetrack": "/ingest/phonetrack",
    "script": "/ingest/points",
}
"""Where each app sends, below the address of the site."""

PROFILE = "estran.properties"
"""GPSLogger names the profile after the file."""
OTRC = "estran.otrc"

TRACCAR_START = "org.traccar.client://action/start"
"""Taking over a configuration does not start the app: this link does."""

USER = "estran"
"""OwnTracks and GPSLogger want a user beside the password; the token alone decides."""


class Phone(StrEnum):
    """The system of a phone, as far as settings differ."""

    ANDROID = "android"
    IPHONE = "ios"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often an app looks where it is.

    Parameters
    ----------
    key : str
    interval_s, distance_m : int
        A fix after so long, once the phone moved so far.
    is_precise : bool
        By satellite; otherwise from masts and networks around where that will do.
    send_s : int
        What is gathered is sent together so often, by apps that gather.
    """

    key: str
    interval_s: int
    distance_m: int
    is_precise: bool
    send_s: int


FINE = Sampling("fine", interval_s=30, distance_m=20, is_precise=True, send_s=300)
"""Tells a bus from a bicycle: at 30 s a bus stop is seen, and a street is not cut off.
Traccar's own 300 s and 75 m, and the 500 m of others, are too coarse for that."""
SPARING = Sampling("sparing", interval_s=120, distance_m=100, is_precise=False, send_s=900)
"""Tells trips and their length; short ones and their mode get lost."""
SAMPLINGS: Mapping[str, Sampling] = {one.key: one for one in (FINE, SPARING)}

_LOW_BATTERY_PERCENT = 20
_ADAPT_MIN = 5
"""OwnTracks on an iPhone: minutes without a move after which it stops looking all the time."""
_PING_MIN = 15
"""OwnTracks tells that it lives so often; its own default."""
_LARGEST_ERROR_M = 200
"""Fixes vaguer than this say nothing of a street."""
_HEARTBEAT_S = 900
_GATHERED_MOST = 100
_MOST_NAME = 24


@dataclass(frozen=True, slots=True)
class Connection:
    """What a phone needs to know.

    Parameters
    ----------
    site : str
        ``https://estran.example``, without a slash at the end.
    token : str
    name : str
        As the person calls the device.
    phone : Phone
    sampling : Sampling
    phrase : str
        With which OwnTracks encrypts what it sends, ``""`` for none.
    """

    site: str
    token: str = field(repr=False)
    name: str = "phone"
    phone: Phone = Phone.OTHER
    sampling: Sampling = FINE
    phrase: str = field(default="", repr=False)

    @property
    def label(self) -> str:
        """The name in small letters and digits of ASCII, fit for any field of any app."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_MOST_NAME] or "phone"

    def address(self, app: str) -> str:
        """Where an app sends."""
        return self.site + PATHS[app]


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker of MQTT as phones reach it; the account is the same for all of them.

    It is the token, last part of the topic, that tells whose phone it is.
    """

    host: str
    port: int
    is_tls: bool
    user: str
    password: str = field(repr=False)


def broker_of(url: str) -> Broker:
    """Read ``mqtts://user:password@host:port``, or ``mqtt://`` for a broker without TLS.

    Raises
    ------
    ValueError
        It is no such address.

    Examples
    --------
    >>> broker_of("mqtts://phones:a%20b@mqtt.example").port
    8883
    """
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        msg = "the address of a broker is like mqtts://user:password@host:8883"
        raise ValueError(msg)
    is_tls = parts.scheme == "mqtts"
    return Broker(
        parts.hostname,
        parts.port or (8883 if is_tls else 1883),
        is_tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def base64_of_json(value: object) -> str:
    """Write JSON in base 64 that needs no escape in an address, in any reader.

    A plus sign, a slash or an equals sign is read in different ways by different apps. In
    ASCII only ``>``, ``~`` and ``?`` lead to the first two; blanks at the end spare the third.

    Examples
    --------
    >>> base64_of_json({"a": "?>~"})
    'eyJhIjoiXHUwMDNmXHUwMDNlXHUwMDdlIn0g'
    """
    text = json.dumps(value, separators=(",", ":"))
    text = re.sub(r"[?>~\x7f]", lambda found: f"\\u{ord(found[0]):04x}", text)
    text += " " * (-len(text) % 3)
    return base64.b64encode(text.encode("ascii")).decode("ascii")


# OwnTracks


def owntracks_configuration(to: Connection) -> dict[str, object]:
    """Configure OwnTracks to post by HTTP.

    ``cmd`` and ``remoteConfiguration`` are off: this site gives no orders to phones.
    """
    return {
        "_type": "configuration",
        "mode": 3,
        "url": to.address("owntracks"),
        "auth": True,
        "usePassword": True,
        "username": USER,
        "password": to.token,
        "deviceId": to.label,
        **_owntracks_common(to),
    }


def owntracks_mqtt_configuration(to: Connection, broker: Broker) -> dict[str, object]:
    """Configure OwnTracks to publish through a broker: acknowledged, and never retained there."""
    return {
        "_type": "configuration",
        "mode": 0,
        "host": broker.host,
        "port": broker.port,
        "tls": broker.is_tls,
        "auth": bool(broker.user),
        "usePassword": bool(broker.password),
        "username": broker.user or USER,
        "password": broker.password,
        "deviceId": to.token,
        "clientId": to.token[:23],
        "cleanSession": False,
        "pubTopicBase": f"owntracks/{broker.user or USER}/{to.token}",
        "pubQos": 1,
        "pubRetain": False,
        "sub": False,
        **_owntracks_common(to),
    }


def _owntracks_common(to: Connection) -> dict[str, object]:
    sampling = to.sampling
    told: dict[str, object] = {
        "tid": (to.label.replace("-", "") + "xx")[:2],
        "extendedData": True,
        "cmd": False,
        "remoteConfiguration": False,
        "locatorInterval": sampling.interval_s,
        "locatorDisplacement": sampling.distance_m,
        "ignoreInaccurateLocations": _LARGEST_ERROR_M,
    }
    if to.phone is Phone.IPHONE:
        # "Significant" is 500 m on an iPhone; "move" looks all the time, so it is told to rest.
        told |= {
            "monitoring": 2 if sampling.is_precise else 1,
            "adapt": _ADAPT_MIN,
            "downgrade": _LOW_BATTERY_PERCENT,
        }
    else:
        # "Move" never rests on Android; "significant" waits for a move of the distance.
        told |= {
            "monitoring": 1,
            "locatorPriority": 3 if sampling.is_precise else 2,
            "moveModeLocatorInterval": sampling.interval_s,
            "ping": _PING_MIN,
            "autostartOnBoot": True,
        }
    if to.phrase:
        told["encryptionKey"] = to.phrase
    return told


def owntracks_link(configuration: Mapping[str, object]) -> str:
    """Put a configuration into a link that OwnTracks opens."""
    return f"owntracks:///config?inline={base64_of_json(configuration)}"


def owntracks_file(configuration: Mapping[str, object]) -> str:
    """Write a configuration as an ``.otrc`` file."""
    return json.dumps(configuration, indent=1) + "\n"


# The others


def overland_link(to: Connection) -> str:
    """Configure Overland; the number by which Apple knows the phone stays at home."""
    told = {
        "url": to.address("overland"),
        "token": to.token,
        "device_id": to.label,
        "unique_id": "no",
    }
    return f"overland://setup?{urlencode(told, quote_via=quote)}"


def colota_configuration(to: Connection) -> dict[str, object]:
    """Configure Colota to send bundles as Overland does: fewer awakenings of the radio."""
    return {
        "endpoint": to.address("colota"),
        "apiTemplate": "overland",
        "httpMethod": "POST",
        "overlandBatchSize": _GATHERED_MOST,
        "auth": {"type": "bearer", "bearerToken": to.token},
        "customFields": [{"key": "device_id", "value": to.label}],
        "interval": to.sampling.interval_s,
        "distance": to.sampling.distance_m,
        "syncInterval": to.sampling.send_s,
        "retryInterval": to.sampling.send_s,
        "syncCondition": "any",
        "isOfflineMode": False,
        "filterInaccurateLocations": True,
        "accuracyThreshold": _LARGEST_ERROR_M,
    }


def colota_link(to: Connection) -> str:
    """Put a configuration into a link that Colota opens."""
    return f"colota://setup?config={base64_of_json(colota_configuration(to))}"


GPSLOGGER_BODY = json.dumps(
    {
        "_type": "location",
        "lat": "%LAT",
        "lon": "%LON",
        "tst": "%TIMESTAMP",
        "acc": "%ACC",
        "alt": "%ALT",
        "vel": "%SPD_KPH",
        "cog": "%DIR",
        "batt": "%BATT",
        "bs": "%ISCHARGING",
    },
    separators=(",", ":"),
)
"""Speed in km/h, as OwnTracks has it. GPSLogger fills in the words behind the per cent signs."""


def gpslogger_profile(to: Connection) -> str:
    """Write a profile of GPSLogger: Java properties, of which values hold no line break."""
    told = {
        "current_profile_name": "estran",
        "log_customurl_enabled": "true",
        "log_customurl_url": to.address("gpslogger"),
        "log_customurl_method": "POST",
        "log_customurl_headers": "Content-Type: application/json",
        "log_customurl_body": GPSLOGGER_BODY,
        "log_customurl_basicauth_username": USER,
        "log_customurl_basicauth_password": to.token,
        "log_customurl_discard_offline_locations_enabled": "false",
        "time_before_logging": str(to.sampling.interval_s),
        "distance_before_logging": str(to.sampling.distance_m),
        "accuracy_before_logging": str(_LARGEST_ERROR_M),
        "log_satellite_locations": "true",
        "log_network_locations": "false" if to.sampling.is_precise else "true",
        "keep_fix": "false",
        "absolute_timeout": "60",
        "startonbootup": "true",
        "log_gpx": "false",
        "log_kml": "false",
        "autosend_enabled": "false",
    }
    lines = [f"{key}={value}" for key, value in told.items()]
    return "\n".join([f"# Estran {to.site}", *lines, ""])


def gpslogger_link(profile_address: str) -> str:
    """Let GPSLogger fetch a profile: its link holds an address, not the settings."""
    return f"gpslogger://properties/{profile_address}"


def traccar_link(to: Connection) -> str:
    """Configure Traccar Client, of which ``id`` is the only secret."""
    told = {
        "url": to.address("traccar"),
        "id": to.token,
        "accuracy": "high" if to.sampling.is_precise else "medium",
        "interval": to.sampling.interval_s,
        "fastest_interval": to.sampling.interval_s // 2,
        "distance": to.sampling.distance_m,
        "angle": 30,
        "heartbeat": _HEARTBEAT_S,
        "buffer": "true",
        "stop_detection": "true",
    }
    return f"org.traccar.client://config?{urlencode(told, quote_via=quote)}"


def phonetrack_address(to: Connection) -> str:
    """Give the address that loggers in the manner of PhoneTrack call, without a query."""
    return f"{to.address('phonetrack')}/{to.token}/{to.label}"


def phonetrack_query(to: Connection) -> str:
    """Give the whole address for apps where places of values are written with per cent signs."""
    told = "lat=%LAT&lon=%LON&timestamp=%TIMESTAMP&acc=%ACC&alt=%ALT&speed=%SPD&bearing=%DIR"
    return f"{phonetrack_address(to)}?{told}&bat=%BATT"


def curl_example(to: Connection) -> str:
    """Show how a script adds a point."""
    point = '{"points": [{"id": "1", "time": "2026-06-01T08:00:00Z", "lat": 46.16, "lon": -1.15}]}'
    return (
        f"curl {to.address('script')} \\\n"
        f"  -H 'Authorization: Bearer {to.token}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{point}'"
    )


def homeassistant_files(to: Connection) -> dict[str, str]:
    """Write what goes into files of Home Assistant, by file.

    Attributes that are missing come as ``none``: they are read as unknown.
    """
    return {
        "secrets.yaml": f'estran_authorization: "Bearer {to.token}"\n',
        "configuration.yaml": _HA_COMMAND.replace("ADDRESS", to.address("homeassistant")),
        "automations.yaml": _HA_AUTOMATION,
    }


_HA_COMMAND = """\
rest_command:
  estran:
    url: "ADDRESS"
    method: post
    content_type: "application/json"
    headers:
      Authorization: !secret estran_authorization
    payload: >-
      {"device_id": "{{ tracker }}",
       "timestamp": "{{ states[tracker].last_updated.isoformat() }}",
       "location": {
         "latitude": {{ state_attr(tracker, 'latitude') | tojson }},
         "longitude": {{ state_attr(tracker, 'longitude') | tojson }},
         "accuracy": {{ state_attr(tracker, 'gps_accuracy') | tojson }},
         "altitude": {{ state_attr(tracker, 'altitude') | tojson }},
         "speed": {{ state_attr(tracker, 'speed') | tojson }}}}
"""

_HA_AUTOMATION = """\
- alias: Estran
  triggers:
    - trigger: state
      entity_id: device_tracker.my_phone
  conditions:
    - "{{ trigger.to_state.attributes.latitude is defined }}"
  actions:
    - action: rest_command.estran
      data:
        tracker: "{{ trigger.entity_id }}"
  mode: queued
  max: 100
"""
