"""The app of savings: no rows, one kind of document."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Compared with a stated baseline, kept, withdrawn."""

    name = "estran.web.savings"
    label = "savings"
