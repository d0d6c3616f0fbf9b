"""The papers of personal rows: how each model is given out and how it is erased.

A model without papers, and not named impersonal, fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from estran.web.accounts.models import Person

type_rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Papers:
    """What the law and the person may ask of one model.

    Parameters
    ----------
    export : callable
        Gives the person's rows as plain values, for the archive.
    erase : callable
        Deletes the person's rows; gives how many.
    rank : int
        Erasure goes by ascending rank: what points before what is pointed at.
    """

    export: Callable[[Person], type_rows]
    erase: Callable[[Person], int]
    rank: int = 50


_PAPERS: dict[type[Model], Papers] = {}
IMPERSONAL: dict[str, str] = {
    "contenttypes.ContentType": "names of tables",
    "auth.Permission": "names of rights",
    "auth.Group": "names of groups",
    "socialaccount.SocialApp": "always empty: a territory's own sign-in is set by the operator",
    "groups.Circle": "the number of a group: its name and key are in its members’ vaults",
    "accounts.ErasureReceipt": "a salted digest and an hour, made so as to name nobody",
}
"""Models without personal rows, each with the reason."""


def register(model: type[Model], papers: Papers) -> None:
    """Give a model its papers."""
    _PAPERS[model] = papers


def all_papers() -> Mapping[type[Model], Papers]:
    """Give the papers of all models, in the order of erasure."""
    load()
    return dict(sorted(_PAPERS.items(), key=lambda item: item[1].rank))


def owned(model: type[Model], path: str, columns: tuple[str, ...], *, rank: int = 50) -> None:
    """Give papers to a model whose rows lead to their person by ``path``."""

    def rows(person: Person) -> QuerySet[Model]:
        return model._default_manager.filter(**{path: person.pk})  # noqa: SLF001 - Django's public-by-habit

    register(
        model,
        Papers(
            export=lambda person: list(rows(person).values(*columns)),
            erase=lambda person: rows(person).delete()[0],
            rank=rank,
        ),
    )


def load() -> None:
    """Import the modules that register papers."""
    import estran.web.accounts.papers  # noqa: PLC0415 - they import this module
    import estran.web.emission.papers  # noqa: PLC0415 - same
    import estran.web.groups.papers  # noqa: PLC0415 - same
    import estran.web.jobs.papers  # noqa: PLC0415 - same
    import estran.web.live.papers  # noqa: PLC0415 - same
    import estran.web.me.papers  # noqa: PLC0415 - same
    import estran.web.portability.papers  # noqa: PLC0415 - same
    import estran.web.recaps.papers  # noqa: PLC0415 - same
    import estran.web.retention.papers  # noqa: PLC0415 - same
    import estran.web.tickets.papers  # noqa: F401, PLC0415 - same
