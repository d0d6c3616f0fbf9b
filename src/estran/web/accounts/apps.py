"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and the ways to open their vaults."""

    name = "estran.web.accounts"
    label = "accounts"
