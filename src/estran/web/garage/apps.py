"""The app of vehicles and habits: no rows, one sealed document."""

from django.apps import AppConfig


class GarageConfig(AppConfig):
    """Pages on which a person says what they travel with."""

    name = "estran.web.garage"
    label = "garage"
