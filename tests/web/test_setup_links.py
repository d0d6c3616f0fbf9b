"""Every setup link, decoded again as the app decodes it."""

from __future__ import annotations

import base64
import json
import re
import string
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.web.live import setup
from estran.web.live.connecting import code_for, doubt_of
from estran.web.live.setup import FINE, SPARING, Broker, Connection, Phone

TOKEN = "abcdefghijkmnpqrstuvwxyz23456789"
SITE = "https://estran.example:8443"
TO = Connection(SITE, TOKEN, "Le téléphone d’Élodie & co", Phone.ANDROID)


def inline(link: str, name: str = "inline") -> Any:
    """Read what both systems read: the query, then base 64, then JSON."""
    query = urlsplit(link).query
    assert re.fullmatch(rf"{name}=[A-Za-z0-9]*", query), "nothing that readers disagree about"
    return json.loads(base64.b64decode(query.partition("=")[2], validate=True))


def test_owntracks_by_http():
    link = setup.owntracks_link(setup.owntracks_configuration(TO))
    assert link.startswith("owntracks:///config?inline=")
    told = inline(link)
    assert told["_type"] == "configuration"
    assert told["mode"] == 3
    assert told["url"] == f"{SITE}/ingest/owntracks"
    assert (told["auth"], told["password"]) == (True, TOKEN)
    assert told["extendedData"] is True
    assert told["deviceId"] == "le-telephone-delodie-co"
    assert len(told["tid"]) == 2
    assert told["cmd"] is told["remoteConfiguration"] is False
    assert "encryptionKey" not in told
    # "Significant" on Android obeys both numbers, and rests when the phone does.
    assert (told["monitoring"], told["locatorInterval"], told["locatorDisplacement"]) == (1, 30, 20)
    assert told["locatorPriority"] == 3


def test_owntracks_on_an_iphone_looks_all_the_time_and_knows_when_to_rest():
    to = Connection(SITE, TOKEN, "iPhone", Phone.IPHONE, FINE, "a phrase of mine")
    told = inline(setup.owntracks_link(setup.owntracks_configuration(to)))
    assert (told["monitoring"], told["adapt"], told["downgrade"]) == (2, 5, 20)
    assert told["encryptionKey"] == "a phrase of mine"
    sparing = Connection(SITE, TOKEN, "iPhone", Phone.IPHONE, SPARING)
    assert setup.owntracks_configuration(sparing)["monitoring"] == 1


def test_owntracks_by_mqtt_is_acknowledged_and_never_retained():
    broker = Broker("mqtt.example", 8883, is_tls=True, user="phones", password="p w")
    told = inline(setup.owntracks_link(setup.owntracks_mqtt_configuration(TO, broker)))
    assert told["mode"] == 0
    assert (told["host"], told["port"], told["tls"]) == ("mqtt.example", 8883, True)
    assert (told["username"], told["password"]) == ("phones", "p w")
    assert told["pubTopicBase"] == f"owntracks/phones/{TOKEN}"
    assert (told["pubQos"], told["pubRetain"], told["cleanSession"]) == (1, False, False)
    assert told["sub"] is False


def test_the_file_of_owntracks_says_the_same_as_its_link():
    configuration = setup.owntracks_configuration(TO)
    assert json.loads(setup.owntracks_file(configuration)) == inline(
        setup.owntracks_link(configuration)
    )


def test_overland():
    parts = urlsplit(setup.overland_link(TO))
    assert (parts.scheme, parts.netloc) == ("overland", "setup")
    assert "+" not in parts.query  # NSURLComponents leaves a plus sign as it is
    assert parse_qs(parts.query) == {
        "url": [f"{SITE}/ingest/overland"], "token": [TOKEN],
        "device_id": ["le-telephone-delodie-co"], "unique_id": ["no"],
    }  # fmt: skip


def test_colota():
    link = setup.colota_link(TO)
    assert link.startswith("colota://setup?")
    told = inline(link, "config")
    assert told["endpoint"] == f"{SITE}/ingest/overland"
    assert told["apiTemplate"] == "overland"
    assert told["auth"] == {"type": "bearer", "bearerToken": TOKEN}
    assert told["syncInterval"] > 0  # Overland's template cannot send at once
    assert 1 <= told["overlandBatchSize"] <= 500
    assert (told["interval"], told["distance"], told["isOfflineMode"]) == (30, 20, False)
    kinds = {"interval": int, "distance": int, "accuracyThreshold": int, "endpoint": str}
    assert all(isinstance(told[name], kind) for name, kind in kinds.items())


def test_gpslogger_reads_its_profile_from_an_address():
    address = f"{SITE}/devices/phone/x/estran.properties"
    link = setup.gpslogger_link(address)
    # As the app does: it cuts the beginning off, and fetches the rest.
    assert link.replace("gpslogger://properties/", "") == address
    lines = setup.gpslogger_profile(TO).splitlines()
    told = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert told["log_customurl_url"] == f"{SITE}/ingest/gpslogger"
    assert told["log_customurl_basicauth_password"] == TOKEN
    assert told["log_customurl_discard_offline_locations_enabled"] == "false"
    body = json.loads(told["log_customurl_body"])
    assert body["lat"] == "%LAT"
    assert body["vel"] == "%SPD_KPH"
    assert told["time_before_logging"] == "30"
    # Java reads a backslash as an escape.
    assert "\\" not in "".join(lines)


def test_traccar_knows_no_other_names_than_these():
    parts = urlsplit(setup.traccar_link(TO))
    assert parts.scheme == "org.traccar.client"
    assert parts.netloc != "action"  # that one starts and stops
    told = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert (told["url"], told["id"]) == (f"{SITE}/ingest/traccar", TOKEN)
    assert (told["accuracy"], told["interval"], told["distance"]) == ("high", "30", "20")
    assert (told["buffer"], told["stop_detection"]) == ("true", "true")
    assert set(told) <= {
        "id", "url", "accuracy", "distance", "interval", "angle", "heartbeat",
        "fastest_interval", "buffer", "wakelock", "stop_detection",
    }  # fmt: skip


def test_home_assistant_keeps_the_token_among_its_secrets():
    files = setup.homeassistant_files(TO)
    assert TOKEN in files["secrets.yaml"]
    assert TOKEN not in files["configuration.yaml"] + files["automations.yaml"]
    assert f'url: "{SITE}/ingest/homeassistant"' in files["configuration.yaml"]


def test_a_script_may_be_pasted_into_a_shell():
    words = setup.curl_example(TO)
    assert f"{SITE}/ingest/points" in words
    body = re.search(r"-d '(.*)'", words)
    assert body is not None
    assert json.loads(body[1])["points"][0]["lat"] == 46.16


@given(st.recursive(st.text() | st.integers(), lambda x: st.dictionaries(st.text(), x)))
def test_any_value_survives_base_64_that_needs_no_escape(value):
    text = setup.base64_of_json(value)
    assert set(text) <= set(string.ascii_letters + string.digits)
    assert json.loads(base64.b64decode(text, validate=True)) == value


@given(st.text())
def test_a_label_fits_any_field(name):
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,23})", Connection(SITE, TOKEN, name).label)


def test_no_secret_is_in_a_repr():
    broker = setup.broker_of("mqtts://phones:hush@mqtt.example")
    assert "hush" not in repr(broker)
    assert TOKEN not in repr(TO)


@pytest.mark.parametrize("wrong", ["http://x", "mqtts://", "x"])
def test_an_address_that_is_no_brokers_is_refused(wrong):
    with pytest.raises(ValueError, match="mqtts"):
        setup.broker_of(wrong)


def test_a_code_is_drawn_within_the_page_and_needs_no_style():
    drawn = code_for("https://estran.example/x", "a label")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert 'stroke="#000"' in drawn


def test_an_address_that_phones_cannot_reach_is_told():
    assert doubt_of("https://estran.example") == ""
    assert doubt_of("http://[::1]:8000") == "here"
    assert doubt_of("http://192.168.1.2") == "clear"
