"""``estran manage mqtt-bridge``: the bridge alone, on the machine of the broker perhaps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from estran.web.live.setup import broker_of


class Command(BaseCommand):
    """Take in what phones publish to a broker of MQTT, until stopped."""

    help = "Take in what phones publish to the broker of ESTRAN_MQTT_URL, until stopped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Bridge until Ctrl-C or SIGTERM."""
        from estran.web.running.bridge import main  # noqa: PLC0415 - takes over the signals

        if not settings.ENVIRONMENT.mqtt_url:
            msg = "Set ESTRAN_MQTT_URL, such as mqtts://bridge:password@host:8883"
            raise CommandError(msg)
        try:
            broker_of(settings.ENVIRONMENT.mqtt_url)
        except ValueError as error:
            raise CommandError(str(error)) from error
        main(has_parent=False)
