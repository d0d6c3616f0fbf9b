"""The bridge child of ``estran run``, started where a broker of MQTT is set."""

from __future__ import annotations

import os
import signal
import threading

import django

from estran.web.config.logs import quiet_hooks
from estran.web.running.lifeline import when_parent_dies
from estran.web.running.memory import keep_out_of_dumps


def main(*, has_parent: bool = True) -> None:
    """Bridge until told to stop, or until the parent is gone."""
    keep_out_of_dumps()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if has_parent:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # What was not acknowledged comes again: leaving at once loses nothing.
        when_parent_dies(lambda: os._exit(1))
    else:
        signal.signal(signal.SIGINT, lambda *_: stopping.set())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    django.setup()
    quiet_hooks()
    from django.conf import settings  # noqa: PLC0415 - Django is set up by now

    from estran.web.live.bridge import Bridge  # noqa: PLC0415 - same
    from estran.web.live.setup import broker_of  # noqa: PLC0415 - same

    environment = settings.ENVIRONMENT
    Bridge(broker_of(environment.mqtt_url), ca_file=environment.mqtt_ca).run(stopping)


if __name__ == "__main__":
    main()
