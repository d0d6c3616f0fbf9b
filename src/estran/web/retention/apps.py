"""The app of what is kept and how long."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Pauses and dormancy have rows; zones and rules are sealed documents."""

    name = "estran.web.retention"
    label = "retention"
