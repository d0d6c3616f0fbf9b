"""The facts that papers state, read from the configuration and the models."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import metadata

from django.conf import settings
from django.utils.translation import gettext as _

from estran.vault.keys import KdfSettings
from estran.vault.recovery import SECRET_BYTES
from estran.web.config.environment import Environment
from estran.web.papers import all_papers
from estran.web.register.about import ABOUT, About

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Table:
    """One table of people's rows: its name in the database and what is said of it."""

    name: str
    about: About


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper may state.

    Parameters
    ----------
    controller, controller_address, contact, dpo : str
        As the operator set them; what is not set says which setting to fill in.
    blanks : tuple of str
        Names of the settings that are not filled in.
    site : str
        First name under which the site answers.
    """

    version: str
    written_on: dt.date
    controller: str
    controller_address: str
    contact: str
    dpo: str
    blanks: tuple[str, ...]
    site: str
    https: bool
    has_mail: bool
    database: str
    session_days: int
    dormant_months: int
    argon2_mib: int
    argon2_passes: int
    recovery_bits: int
    tables: tuple[Table, ...]


OF_THE_OPERATOR = {
    "ESTRAN_CONTROLLER": "controller",
    "ESTRAN_CONTROLLER_ADDRESS": "controller_address",
    "ESTRAN_CONTACT": "contact",
    "ESTRAN_DPO": "dpo",
}
"""Settings that no program can know, and the field of the environment each fills."""


def tables() -> tuple[Table, ...]:
    """Tell of every table with people's rows, in the order in which they are erased."""
    return tuple(
        Table(model._meta.db_table, ABOUT[model._meta.label])  # noqa: SLF001 - Django's public-by-habit
        for model in all_papers()
    )


def facts_of(environment: Environment, *, today: dt.date) -> Facts:
    """Gather what this site's papers state, in the language in force."""
    of_operator, blanks = {}, []
    for name, field in OF_THE_OPERATOR.items():
        said = getattr(environment, field)
        if not said:
            blanks.append(name)
        of_operator[field] = said or _("[to fill in: {name}]").format(name=name)
    kdf = KdfSettings()
    engine = str(settings.DATABASES["default"]["ENGINE"])
    return Facts(
        version=metadata.version("estran") if _is_installed() else "",
        written_on=today,
        **of_operator,
        blanks=tuple(blanks),
        site=environment.hosts[0],
        https=environment.https,
        has_mail=settings.ESTRAN_HAS_MAIL,
        database="PostgreSQL" if engine.endswith("postgresql") else "SQLite",
        dormant_months=environment.dormant_months if settings.ESTRAN_HAS_MAIL else 0,
        session_days=settings.SESSION_COOKIE_AGE // SECONDS_A_DAY,
        argon2_mib=kdf.memory_kib // 1024,
        argon2_passes=kdf.passes,
        recovery_bits=8 * SECRET_BYTES,
        tables=tables(),
    )


def _is_installed() -> bool:
    """Tell whether the package was installed as a distribution, or runs from a checkout."""
    try:
        metadata.version("estran")
    except metadata.PackageNotFoundError:
        return False
    return True
