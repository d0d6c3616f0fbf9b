"""``python -m bench.ingest``: how fast phones are acknowledged, and that nothing is lost.

A site in processes of its own on loopback; phones that post as OwnTracks does, one position a
call, each waiting for its answer. ``--kills N`` kills the web processes, the worker or all of
them at random while phones post, starts the site again, and at the end looks for every position
that was acknowledged. ESTRAN_DATABASE_URL chooses the database, as for a site.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from tests.web.site import Site, children_of, wait_for

TARGETS_PER_S = {"SQLite": 1000.0, "PostgreSQL": 2000.0}
TARGET_P99_S = 0.1
_START_S = 1_750_000_000


@dataclass(slots=True)
class Phone:
    """One phone: it sends a position, waits for the answer, sends the next."""

    token: str
    vault: str
    key: str
    n_sent: int = 0
    acknowledged: list[int] = field(default_factory=list)
    """Instants. [s since 1970, UTC]"""
    took_s: list[float] = field(default_factory=list)
    due_s: float = 0.0
    paced: bool = False

    def request(self, port: int) -> bytes:
        """Write the next position, or the last again where no answer came."""
        body = json.dumps(
            {
                "_type": "location", "lat": 46.16 + self.n_sent * 1e-5, "lon": -1.15, "acc": 8,
                "tst": _START_S + self.n_sent, "vel": 12, "batt": 71, "t": "v", "conn": "m",
            }
        ).encode()  # fmt: skip
        head = (
            f"POST /ingest/owntracks HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def post(self, port: int, until_s: float, every_s: float = 0.0) -> None:
        """Post until the end, on one connection as long as it lasts.

        ``every_s``: not oftener than this; what comes late waits no longer for it.
        """
        self.due_s = time.perf_counter() + random.uniform(0.0, every_s)  # noqa: S311 - no secret
        while time.monotonic() < until_s:
            writer: asyncio.StreamWriter | None = None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                while time.monotonic() < until_s:
                    await self._one(reader, writer, port)
                    self.due_s += every_s
                    if every_s:
                        await asyncio.sleep(max(0.0, self.due_s - time.perf_counter()))
            except (OSError, asyncio.IncompleteReadError, ValueError):
                await asyncio.sleep(0.05)  # it was killed: the same position goes again
            finally:
                if writer is not None:
                    writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        now_s = time.perf_counter()
        # A call that should have gone before the last was answered has waited since then.
        began_s = min(now_s, self.due_s) if self.paced else now_s
        writer.write(self.request(port))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        n_bytes = next(int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length"))
        await reader.readexactly(n_bytes)
        if int(lines[0].split()[1]) == HTTPStatus.OK:
            self.took_s.append(time.perf_counter() - began_s)
            self.acknowledged.append(_START_S + self.n_sent)
            self.n_sent += 1
        else:
            await asyncio.sleep(0.05)


async def load(phones: list[Phone], port: int, seconds: float, rate: float = 0.0) -> float:
    """Let all phones post at once, ``rate`` calls a second together, 0 for as fast as they can.

    Give how long it took.
    """
    every_s = len(phones) / rate if rate else 0.0
    for phone in phones:
        phone.took_s.clear()
        phone.paced = bool(rate)
    began_s = time.perf_counter()
    until_s = time.monotonic() + seconds
    await asyncio.gather(*(phone.post(port, until_s, every_s) for phone in phones))
    return time.perf_counter() - began_s


def made(folder: Path, n_phones: int) -> list[Phone]:
    """Make a site's folder with phones."""
    command = [sys.executable, "-m", "bench.phones", "make", str(folder), str(n_phones)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [Phone(**json.loads(line)) for line in done.stdout.splitlines()]


def kept(folder: Path, phones: list[Phone]) -> dict[str, set[int]]:
    """Read what the vaults hold. [s since 1970, UTC]"""
    lines = "".join(json.dumps(vars_of(phone)) + "\n" for phone in phones)
    command = [sys.executable, "-m", "bench.phones", "read", str(folder)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    told = map(json.loads, done.stdout.splitlines())
    return {one["token"]: {time_us // 1_000_000 for time_us in one["kept"]} for one in told}


def vars_of(phone: Phone) -> dict[str, str]:
    """Give what opens a phone's vault."""
    return {"token": phone.token, "vault": phone.vault, "key": phone.key}


def lost(folder: Path, phones: list[Phone]) -> tuple[int, int]:
    """Count what was acknowledged, and what of that is nowhere."""
    held = kept(folder, phones)
    n_acknowledged = sum(len(phone.acknowledged) for phone in phones)
    n_lost = sum(len(set(phone.acknowledged) - held[phone.token]) for phone in phones)
    return n_acknowledged, n_lost


def speed(n_phones: int, seconds: float) -> bool:
    """Measure and print; tell whether the aims are met."""
    name = "PostgreSQL" if os.environ.get("ESTRAN_DATABASE_URL") else "SQLite"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        phones = made(folder, n_phones)
        site = Site(folder).start()
        target = TARGETS_PER_S[name]
        try:
            asyncio.run(load(phones, site.port, 3.0))  # connections, kernels, caches
            wall_s = asyncio.run(load(phones, site.port, seconds))
            rate = sum(len(phone.took_s) for phone in phones) / wall_s
            asyncio.run(load(phones, site.port, seconds, target))
            took_s = sorted(t for phone in phones for t in phone.took_s)
        finally:
            site.stop()
        n_acknowledged, n_lost = lost(folder, phones)
    p99_s = took_s[int(len(took_s) * 0.99)]
    print(
        f"{name}, {n_phones} phones at once: {rate:,.0f} calls/s acknowledged "
        f"({rate / target:.2f} of {target:,.0f}). At {len(took_s) / seconds:,.0f} calls/s: median "
        f"{statistics.median(took_s) * 1e3:.0f} ms, p99 {p99_s * 1e3:.0f} ms "
        f"({p99_s / TARGET_P99_S:.2f} of {TARGET_P99_S * 1e3:.0f}). "
        f"{n_lost} of {n_acknowledged:,} acknowledged lost"
    )
    return rate >= target and p99_s <= TARGET_P99_S and not n_lost


def _pid(site: Site) -> int:
    return site.process.pid if site.process else 0


def _wait(site: Site) -> None:
    if site.process:
        site.process.communicate()


def _victims(site: Site) -> list[int]:
    """Choose what dies: a web process, the web server, a worker, or the whole site."""
    children = site.children()
    web = [pid for pid, line in children.items() if "running.serve" in line]
    below = [pid for root in web for pid in children_of(root)]
    kinds = [below[:1], web, site.worker_pids()[:1], [_pid(site), *children, *below]]
    return random.choice(kinds)  # noqa: S311 - no secret


async def _kill_often(site: Site, n_kills: int, state: dict[str, int]) -> None:
    for n in range(n_kills):
        await asyncio.sleep(random.uniform(0.05, 0.6))  # noqa: S311 - same
        victims = await asyncio.to_thread(_victims, site)
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        state["kills"] = n + 1
        if _pid(site) in victims:
            await asyncio.to_thread(_wait, site)
            await asyncio.to_thread(site.start)
        await asyncio.to_thread(wait_for, site.answers, 60)


def kills(n_phones: int, n_kills: int) -> bool:
    """Kill at random while phones post; tell whether all that was acknowledged is there."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        phones = made(folder, n_phones)
        site = Site(folder).start()
        state = {"kills": 0}

        async def both() -> None:
            posting = asyncio.ensure_future(load(phones, site.port, 36_000.0))
            await _kill_often(site, n_kills, state)
            await asyncio.sleep(2.0)
            posting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await posting

        began_s = time.perf_counter()
        asyncio.run(both())
        wall_s = time.perf_counter() - began_s
        site.stop()
        n_acknowledged, n_lost = lost(folder, phones)
    print(
        f"{state['kills']} kills in {wall_s:.0f} s, {n_phones} phones: "
        f"{n_lost} of {n_acknowledged:,} acknowledged positions lost"
    )
    return not n_lost


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--kills", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.kills:
        return 0 if kills(chosen.phones, chosen.kills) else 1
    return 0 if speed(chosen.phones, chosen.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
