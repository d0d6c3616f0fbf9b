"""A bridge in a process of its own, to be killed: its device is told on the command line."""

from __future__ import annotations

import json
import sys
import threading
import uuid
from typing import Any

import django

from estran.trace import Positions
from estran.wire.values import Answer, Call, Posted, Protocol, Reply

TOKEN = "abcdefghijkmnpqrstuvwxyz23456789"


def read(call: Call, _received_us: int) -> Answer | None:
    """Read a position as plain as can be, so that the bridge alone is tested here."""
    try:
        told = json.loads(call.body)
    except ValueError:
        return None
    rows = Positions.of([int(told["tst"]) * 1_000_000], [told["lat"]], [told["lon"]])
    return Answer(Posted(positions=rows), Reply())


PLAIN = Protocol("owntracks", (), lambda _call: "", read, lambda _call, _trouble: Reply())


class Book:
    """Knows one device."""

    def __init__(self, known: Any) -> None:
        self.known = known

    def find(self, token: str) -> Any:
        return self.known if token == TOKEN else None


def known_of(*, takes: bool = True) -> Any:
    from estran.web.live.known import Known  # noqa: PLC0415 - Django is set up by now

    return Known(
        device_id=uuid.UUID(int=1), person_id=uuid.UUID(int=2), app="owntracks",
        vault_id="0" * 32, public_key=bytes(range(32)), device_paused=not takes,
        digest="0" * 64,
    )  # fmt: skip


def main() -> None:
    django.setup()
    from estran.web.live import bridge  # noqa: PLC0415 - Django is set up by now
    from estran.web.live.setup import broker_of  # noqa: PLC0415 - as above

    vars(bridge).update(by_path=lambda _path: PLAIN, BOOK=Book(known_of()), REST_S=0.1)
    bridge.Bridge(broker_of(sys.argv[1])).run(threading.Event())


if __name__ == "__main__":
    main()
