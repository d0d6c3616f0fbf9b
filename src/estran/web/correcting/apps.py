"""The app of corrections: no rows, sealed documents only."""

from django.apps import AppConfig


class CorrectingConfig(AppConfig):
    """Pages with which a person puts their journal right."""

    name = "estran.web.correcting"
    label = "correcting"
