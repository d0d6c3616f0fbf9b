"""The app of simulations: no rows, no documents."""

from django.apps import AppConfig


class WhatIfConfig(AppConfig):
    """A year as it would be."""

    name = "estran.web.whatif"
    label = "whatif"
