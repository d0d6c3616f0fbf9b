"""The app of groups."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Who is in which group is in rows; what is shown there is sealed for its members."""

    name = "estran.web.groups"
    label = "groups"
