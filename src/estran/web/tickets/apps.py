"""The app of tickets and declarations."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """All that a ticket tells is in the vault; the only rows say when to remind somebody."""

    name = "estran.web.tickets"
    label = "tickets"
