"""The app of goals: no rows, two kinds of documents."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Goals and weekly plans of a person."""

    name = "estran.web.goals"
    label = "goals"
