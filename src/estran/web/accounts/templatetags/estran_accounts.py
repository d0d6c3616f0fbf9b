"""What pages of accounts ask of the operator's settings."""

from django import template

from estran.web.accounts.territory_sign_in import provider_name

register = template.Library()


@register.simple_tag
def territory_sign_in() -> str:
    """Give the words of the territory's own sign-in, ``""`` where there is none."""
    return provider_name()
