"""The app of advice: no rows; what a person answers is sealed in the vault."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """Other ways, side by side."""

    name = "estran.web.advice"
    label = "advice"
