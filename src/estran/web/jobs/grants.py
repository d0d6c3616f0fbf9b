"""The key a job may use: the vault key sealed to the workers, whose secret is in memory only.

The supervisor of ``estran run`` draws a pair at its start. Its children of the web get the
public half in an environment variable, the workers get the secret half through a pipe.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from django.db.models import Q

from estran.errors import VaultDamaged
from estran.vault.keys import create_vault, open_box, public_key_of, seal_to
from estran.web.accounts.models import Person
from estran.web.jobs.models import Job

PUBLIC_KEY_VARIABLE = "ESTRAN_WORKER_PUBLIC_KEY"
SERVICE = "service"
"""Instead of a key's name: the job opens the vault by the way that its person gave the coach."""
_UNFINISHED = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class WorkerKeys:
    """The pair of the running site's workers."""

    public_key: bytes
    secret_key: bytes = field(repr=False)

    @classmethod
    def draw(cls) -> WorkerKeys:
        """Draw a pair."""
        keys = create_vault()
        return cls(keys.public_key, keys.secret_key)

    @classmethod
    def of_secret(cls, secret_key: bytes) -> WorkerKeys:
        """Complete a pair from its secret half."""
        return cls(public_key_of(secret_key), secret_key)

    @property
    def name(self) -> str:
        """Name the pair in rows, by its public half."""
        return name_of(self.public_key)


def name_of(key: bytes) -> str:
    """Name a public key of workers as rows do."""
    return base64.b16encode(key).decode()


def public_key() -> bytes | None:
    """Give the workers' public key, None when no worker runs beside this process."""
    text = os.environ.get(PUBLIC_KEY_VARIABLE, "")
    return base64.b16decode(text) if text else None


def seal_grant(vault_key: bytes) -> tuple[bytes, str]:
    """Seal a vault key to the workers: the grant and the name of their key."""
    key = public_key()
    if key is None:
        return b"", ""
    return seal_to(key, vault_key), name_of(key)


def open_grant(job: Job, keys: WorkerKeys) -> bytes | None:
    """Give the vault key of a job, None when its grant is void."""
    if job.grant_key != keys.name:
        return None
    try:
        return open_box(keys.public_key, keys.secret_key, bytes(job.grant))
    except VaultDamaged:
        return None


def is_void(job: Job) -> bool:
    """Tell whether an unfinished job waits for its person to give the key again."""
    unfinished = job.state in {Job.State.QUEUED, Job.State.RUNNING}
    here = os.environ.get(PUBLIC_KEY_VARIABLE, "")
    return unfinished and job.grant_key not in {here, SERVICE}


def renew(person: Person, vault_key: bytes) -> int:
    """Seal the vault key anew to the workers for the person's unfinished jobs; count them."""
    key = public_key()
    if key is None:
        return 0
    void = Job.objects.filter(_UNFINISHED, person=person).exclude(grant_key=name_of(key))
    if not void.exists():
        return 0
    grant, name = seal_grant(vault_key)
    return void.update(grant=grant, grant_key=name)
