"""The app of reviews: no rows, no documents."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """A year told."""

    name = "estran.web.review"
    label = "review"
