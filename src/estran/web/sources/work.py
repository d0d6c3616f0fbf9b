"""What a person does with sources: order them, set one aside, remove one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpRequest

from estran.errors import NotFound, VaultLocked
from estran.preference import Preference
from estran.web.accounts import keylife
from estran.web.jobs import queue
from estran.web.me.records import decode, encode
from estran.web.me.staleness import freshen_soon
from estran.web.retention import erasing
from estran.web.retention.erasing import Plan, Wanted
from estran.web.sources.documents import read_preference, write_preference
from estran.web.sources.naming import ref_of
from estran.web.store.opened import OpenVault

SETTLES = timedelta(seconds=20)
"""How long after a change of the order the journal is made anew: people press several times."""

REMOVE = "remove-source"
"""Kind of the job."""
REMOVAL = "source-removal"
"""Kind of the document that says which source a job removes, and how far it is."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal under way: ``state`` is waiting, erasing, remaking, done, changed or failed."""

    source: str
    name: str
    mark: str
    state: str = "waiting"
    share: float = 0.0
    n_positions: int = 0
    n_days: int = 0
    number: str = ""
    """Of the receipt, which stands in the access log."""

    @property
    def is_over(self) -> bool:
        """Tell that nothing more happens."""
        return self.state in {"done", "changed", "failed"}


def key_of(vault: OpenVault, ref: str) -> str:
    """Find a source by its name in addresses.

    Raises
    ------
    NotFound
        This vault has no such source.
    """
    for source in vault.sources():
        if ref_of(vault.vault_id, source.key) == ref:
            return source.key
    raise NotFound


def change(request: HttpRequest, ref: str, what: str) -> None:
    """Move a source in the person's order, or set it aside, and have the journal made anew.

    Parameters
    ----------
    request : HttpRequest
    ref : str
        As :func:`.naming.ref_of` names it.
    what : str
        ``up``, ``down``, ``aside`` or ``use``; anything else changes nothing.

    Raises
    ------
    NotFound
        There is no such source.
    """
    vault, vault_key = keylife.open_vault(request), keylife.key_of(request)
    key = key_of(vault, ref)
    with vault.transaction():
        said = read_preference(vault)
        after = changed(said, key, what)
        if after == said:
            return
        write_preference(vault, after)
    if vault_key is not None:
        freshen_soon(keylife.person_of(request), vault_key, after=SETTLES)


def changed(said: Preference, key: str, what: str) -> Preference:
    """Give the preference after one press of a button.

    A source outside the order that goes up becomes its last; the last that goes down leaves it.

    Examples
    --------
    >>> changed(changed(Preference(), "a", "up"), "b", "up").order
    ('a', 'b')
    >>> changed(Preference(("a", "b")), "b", "up").order, changed(Preference(("a",)), "a", "down")
    (('b', 'a'), Preference(order=(), unused=()))
    """
    order = list(said.order)
    unused = tuple(one for one in said.unused if one != key)
    if what == "aside":
        left = tuple(one for one in order if one != key)
        return Preference(left, (*unused, key))
    if what == "use":
        return replace(said, unused=unused)
    at = order.index(key) if key in order else len(order)
    if what == "up" and at == len(order):
        order.append(key)
    elif what == "up" and at > 0:
        order[at - 1 : at + 1] = order[at], order[at - 1]
    elif what == "down" and at < len(order) - 1:
        order[at : at + 2] = order[at + 1], order[at]
    elif what == "down" and at == len(order) - 1:
        order.pop()
    return Preference(tuple(order), unused if what == "up" else said.unused)


def plan(vault: OpenVault, key: str) -> Plan:
    """Tell what a removal would take."""
    return erasing.plan(vault, Wanted(source=key))


def start_removal(request: HttpRequest, key: str, name: str, mark: str) -> uuid.UUID:
    """Have a worker remove a source with all that was derived of it.

    Raises
    ------
    VaultLocked
        Nobody is here who can open the vault.
    ImportUnderWay
        Files are being read.
    """
    person, vault_key = keylife.person_of(request), keylife.key_of(request)
    if vault_key is None:
        raise VaultLocked
    erasing.check_nothing_comes(person)
    removal_id = uuid.uuid4()
    write_removal(keylife.open_vault(request), removal_id, Removal(key, name, mark))
    queue.enqueue(person, REMOVE, subject=removal_id, vault_key=vault_key)
    return removal_id


def write_removal(vault: OpenVault, removal_id: uuid.UUID, removal: Removal) -> None:
    """Keep how far a removal is."""
    vault.put_doc(REMOVAL, removal_id.hex, encode(removal))


def read_removal(vault: OpenVault, removal_id: uuid.UUID) -> Removal:
    """Read how far a removal is.

    Raises
    ------
    NotFound
        This vault has no such removal.
    """
    record = vault.get_doc(REMOVAL, removal_id.hex)
    if record is None:
        raise NotFound
    return decode(record, Removal)
