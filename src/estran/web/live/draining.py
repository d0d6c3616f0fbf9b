"""From the spool into the inboxes: each person's parcels to their own vault.

A vault costs several flushes of the disk, so all of them are served seldom, and one at once
when its person comes. Whatever is interrupted is done again: a parcel has one name in an
inbox, and what was taken in twice is there once.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from estran.errors import NotFound, Refusal, VaultBusy
from estran.vault.store import Row
from estran.web.accounts.models import Person
from estran.web.accounts.vaults import store
from estran.web.live.models import Device, Waiting
from estran.web.live.served import forget_served, note_served, served_of
from estran.web.live.spool import OPEN, TAKEN, Frame, folder, frames, len_of, sync_folder

_log = logging.getLogger(__name__)
FORGOTTEN_S = 3600.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Drained:
    """What a round moved; ``n_left`` frames wait for a vault that takes nothing now."""

    n_frames: int = 0
    n_left: int = 0


def drain() -> Drained:
    """Move all that was acknowledged before this call; one process at a time does it."""
    with _alone():
        whole = Drained()
        for path in _taken_files():
            drained = _drain_file(path)
            whole = Drained(whole.n_frames + drained.n_frames, whole.n_left + drained.n_left)
        return whole


def drain_for(vault_id: str) -> int:
    """Put what was acknowledged for one vault into its inbox; the files stay for the others.

    Count the parcels.

    Raises
    ------
    VaultBusy
        The vault takes nothing now.
    """
    with _alone():
        served, read_bytes = served_of(vault_id), {}
        some: list[Frame] = []
        for path in _files():
            placed = list(_placed(path.read_bytes()))
            some += _unserved(placed, vault_id, served.get(path.stem, 0))
            read_bytes[path.stem] = placed[-1][0] if placed else 0
        if some:
            if not _into_inbox(vault_id, some):
                raise VaultBusy
            note_served(vault_id, read_bytes)
    return len(some)


def _files() -> list[Path]:
    return sorted(path for path in folder().iterdir() if path.suffix in {OPEN, TAKEN})


def waiting_bytes() -> int:
    """Tell how much waits: a look without a lock."""
    return sum(path.stat().st_size for path in _files() if path.exists())


class Watch:
    """Notes when devices were heard, reading on in the files where it stopped.

    It writes to the control database alone, once for all that came.
    """

    def __init__(self) -> None:
        self._read_bytes: dict[Path, int] = {}

    def look(self) -> int:
        """Note what came since the last look; count the parcels."""
        seen: list[Frame] = []
        read_bytes: dict[Path, int] = {}
        for path in _files():
            named = path.with_suffix(OPEN)
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                at = self._read_bytes.get(named, 0)
                file.seek(at)
                content = file.read()
                some = list(frames(content))
                read_bytes[named] = at + sum(map(len_of, some))
                seen += some
        _note_received(seen)
        self._read_bytes = read_bytes
        return len(seen)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    handle = os.open(folder() / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _taken_files() -> list[Path]:
    """Take the files away from those who write to them; give them, the oldest first."""
    for path in sorted(folder().glob("*" + OPEN)):
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # Whoever writes holds the lock, and looks at the name once it has it.
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_size:
                path.rename(path.with_suffix(TAKEN))
            elif time.time() - path.stat().st_mtime > FORGOTTEN_S:
                path.unlink()  # Of a process that is gone; a living one begins another.
        finally:
            os.close(handle)
    sync_folder(folder())
    return sorted(folder().glob("*" + TAKEN))


def _drain_file(path: Path) -> Drained:
    placed = list(_placed(path.read_bytes()))
    by_vault: defaultdict[str, list[Frame]] = defaultdict(list)
    for vault_id in {frame.vault_id for _, frame in placed}:
        by_vault[vault_id] = _unserved(placed, vault_id, served_of(vault_id).get(path.stem, 0))
    _note_received([frame for some in by_vault.values() for frame in some])
    n_left = sum(
        len(some) for vault_id, some in by_vault.items() if not _into_inbox(vault_id, some)
    )
    if not n_left:
        path.unlink()
        forget_served(by_vault)
    return Drained(sum(map(len, by_vault.values())) - n_left, n_left)


def _placed(content: bytes) -> Iterator[tuple[int, Frame]]:
    """Give the frames of a file, each with the place at which it ends."""
    at = 0
    for frame in frames(content):
        at += len_of(frame)
        yield at, frame


def _unserved(placed: list[tuple[int, Frame]], vault_id: str, served_bytes: int) -> list[Frame]:
    return [f for end, f in placed if f.vault_id == vault_id and end > served_bytes]


def _into_inbox(vault_id: str, some: Iterable[Frame]) -> bool:
    """Put parcels into one inbox; False where its vault takes nothing now."""
    try:
        with store().connect(vault_id) as container:
            container.begin(write=True)
            for frame in some:
                if container.rev("inbox", frame.batch) is None:
                    row = Row(frame.batch, b"", container.tick(), b"", frame.sealed)
                    container.put("inbox", row)
            container.commit()
    except NotFound:
        return True  # Erased meanwhile: what was sealed to it opens nowhere any more.
    except Refusal as refusal:
        _log.warning("an inbox takes nothing: %s", refusal.code)
        return False
    return True


def _note_received(moved: list[Frame]) -> None:
    """Note when devices were heard, and for whom something waits."""
    heard: dict[str, Frame] = {}
    last: dict[str, int] = {}
    for frame in moved:
        if frame.device not in heard or heard[frame.device].received_us < frame.received_us:
            heard[frame.device] = frame
        if frame.last_point_us is not None:
            # A clock that runs ahead says nothing of when it was.
            point_us = min(frame.last_point_us, frame.received_us)
            last[frame.device] = max(last.get(frame.device, 0), point_us)
    if not heard:
        return
    with transaction.atomic():
        here = {str(pk) for pk in Person.objects.filter(
            pk__in={frame.person for frame in heard.values()}
        ).values_list("pk", flat=True)}  # fmt: skip
        waiting = set(map(str, Waiting.objects.values_list("person_id", flat=True)))
        for device, frame in heard.items():
            rows = Device.objects.filter(pk=device)
            at = _instant(frame.received_us)
            rows.exclude(last_received_at__gte=at).update(last_received_at=at)
            if device in last:
                at = _instant(last[device])
                rows.exclude(last_point_at__gte=at).update(last_point_at=at)
            if frame.person in here - waiting:
                waiting.add(frame.person)
                Waiting.objects.get_or_create(
                    person_id=frame.person, defaults={"since": _instant(frame.received_us)}
                )


def _instant(time_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=time_us)
