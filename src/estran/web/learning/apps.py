"""The app of usual trips and named places: no rows."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Trips that come back, and one word for all of them."""

    name = "estran.web.learning"
    label = "learning"
