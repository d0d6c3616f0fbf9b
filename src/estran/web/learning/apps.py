"""The app of usual trips: no rows, no documents."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Trips that come back, and one word for all of them."""

    name = "estran.web.learning"
    label = "learning"
