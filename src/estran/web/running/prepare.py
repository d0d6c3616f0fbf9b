"""Bring the control database up to this version; a stamp tells that it is there already."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import allauth
import django

import estran
from estran.web.config.environment import Environment, read_environment

_WEB = Path(__file__).resolve().parents[1]


def _stamp(environment: Environment) -> str:
    """Name what the database was prepared by: the versions, the migrations, the address."""
    migrations = sorted(
        f"{path.parent.parent.name}/{path.name}" for path in _WEB.glob("*/migrations/0*.py")
    )
    told = [estran.__version__, django.__version__, allauth.__version__, environment.database_url]
    return hashlib.sha256("\n".join([*told, *migrations]).encode()).hexdigest()


def is_prepared(environment: Environment) -> bool:
    """Tell whether the stamp is this version's, without loading Django."""
    if not environment.database_url and not (environment.data / "estran.sqlite3").exists():
        return False
    try:
        kept = (environment.data / "prepared").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return kept == _stamp(environment)


def prepare(environment: Environment) -> None:
    """Migrate, and leave the stamp."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    if (environment.data / "restored").exists():
        from estran.web.portability.restored import forget_the_erased  # noqa: PLC0415 - same

        forget_the_erased()
    (environment.data / "prepared").write_text(_stamp(environment), encoding="ascii")


def main() -> int:
    """Prepare the database of the environment, or say in a sentence why that fails."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - this process only
    from django.db import OperationalError  # noqa: PLC0415 - same

    try:
        prepare(read_environment())
    except (ImproperlyConfigured, ValueError) as error:
        sys.stdout.write(f"The settings do not fit: {str(error).splitlines()[0]}\n")
    except OperationalError as error:
        # The driver's own words tell host and port, never the password.
        sys.stdout.write(f"The database does not answer: {str(error).splitlines()[0]}\n")
    else:
        return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
