"""Commands of the command line that need the site. Importing this brings no Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from estran.errors import SiteRuns

type_command = Callable[[list[str]], int]


def run(argv: list[str]) -> int:
    """Start the site and its workers."""
    from estran.web.running.start import start  # noqa: PLC0415 - only this command pays for it

    parser = argparse.ArgumentParser("estran run", description="Start the site and its workers.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    parser.add_argument("--workers", type=int, help="processes that import and analyse")
    parser.add_argument("--processes", type=int, default=2, help="processes that answer pages")
    chosen = parser.parse_args(argv)
    workers = None if chosen.workers is None else max(1, chosen.workers)
    return start(chosen.host, chosen.port, workers, max(1, chosen.processes))


def manage(argv: list[str]) -> int:
    """Pass a command on to Django's management."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - as above

    # A module cannot have a dash in its name, a command can.
    name = [argv[0].replace("-", "_") if not argv[0].startswith("-") else argv[0]] if argv else []
    execute_from_command_line(["estran manage", *name, *argv[1:]])
    return 0


def doctor(argv: list[str]) -> int:
    """Look at the data folder, the database, the disk and the jobs; say what is wrong."""
    from estran.web.running.doctor import examine  # noqa: PLC0415 - as above

    argparse.ArgumentParser("estran doctor", description=doctor.__doc__).parse_args(argv)
    return examine()


def load_territory(argv: list[str]) -> int:
    """Load lines and stops of public transport, which help to tell modes."""
    from estran.web.config.environment import read_environment  # noqa: PLC0415 - as above
    from estran.web.running import territory  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser("estran load-territory", description=load_territory.__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="GTFS folder or zip, .osm.pbf")
    parser.add_argument("--list", action="store_true", help="tell what is loaded")
    parser.add_argument("--remove", nargs="+", metavar="NAME", help="remove what is so named")
    chosen = parser.parse_args(argv)
    if sum((bool(chosen.files), chosen.list, bool(chosen.remove))) != 1:
        parser.error("give files, or --list, or --remove")
    paths = [Path(name) for name in chosen.files]
    for path in paths:
        if not path.exists():
            parser.error(f"there is no file or folder {path}")
    data = read_environment().data
    if chosen.list:
        return territory.show(data)
    return territory.remove(data, chosen.remove) if chosen.remove else territory.load(data, paths)


def load_stations(argv: list[str]) -> int:
    """Load open lists of stations and airports, by which tickets find their places."""
    from estran.web.config.environment import read_environment  # noqa: PLC0415 - as above
    from estran.web.running import stations  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser("estran load-stations", description=load_stations.__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="CSV, GeoJSON, GTFS")
    parser.add_argument("--source", default="", help="whom to name as publisher")
    parser.add_argument("--licence", default="", help="licence of the data")
    parser.add_argument("--list", action="store_true", help="tell what is loaded")
    parser.add_argument("--remove", nargs="+", metavar="NAME", help="remove what is so named")
    chosen = parser.parse_args(argv)
    if sum((bool(chosen.files), chosen.list, bool(chosen.remove))) != 1:
        parser.error("give files, or --list, or --remove")
    for path in chosen.files:
        if not path.exists():
            parser.error(f"there is no file or folder {path}")
    data = read_environment().data
    if chosen.list:
        return stations.show(data)
    if chosen.remove:
        return stations.remove(data, chosen.remove)
    return stations.load(data, chosen.files, source=chosen.source, licence=chosen.licence)


def papers(argv: list[str]) -> int:
    """Write the GDPR register, the impact assessment and the accessibility statement."""
    parser = argparse.ArgumentParser("estran papers", description=papers.__doc__)
    parser.add_argument("folder", type=Path, help="where to write them")
    parser.add_argument("--language", choices=("fr", "en"), action="append", help="both without")
    chosen = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    import django  # noqa: PLC0415 - only this command pays for it
    from django.conf import settings  # noqa: PLC0415 - as above

    django.setup()
    from estran.web.register.write import LANGUAGES, write_papers  # noqa: PLC0415 - needs Django

    for language in chosen.language or LANGUAGES:
        written, blanks = write_papers(
            chosen.folder, settings.ENVIRONMENT, language=language, today=datetime.now(UTC).date()
        )
        for path in written:
            sys.stdout.write(f"{path}\n")
    if blanks:
        sys.stderr.write(f"Still to fill in: {', '.join(blanks)}\n")
    return 0


def vault(chosen: argparse.Namespace) -> int:
    """Look after the vaults of the site: what ``estran vault`` hands over."""
    from estran.web.running import vaults  # noqa: PLC0415 - as above

    if chosen.does == "export":
        return vaults.export(chosen.email, chosen.file)
    return vaults.verify(chosen.vaults) if chosen.does == "verify" else vaults.list_vaults()


def backup(argv: list[str]) -> int:
    """Copy the database and the vaults into one file, while the site runs."""
    from estran.web.config.environment import read_environment  # noqa: PLC0415 - as above
    from estran.web.running.backup import back_up  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser("estran backup", description=backup.__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    chosen = parser.parse_args(argv)
    if chosen.file.exists():
        parser.error(f"{chosen.file} is there already")
    copied = back_up(read_environment(), chosen.file)
    size_bytes = chosen.file.stat().st_size
    sys.stdout.write(f"{copied.n_vaults} vaults, {size_bytes / 2**20:.1f} MiB: {chosen.file}\n")
    return 0


def restore(argv: list[str]) -> int:
    """Put a backup in place of what the data folder holds; the site must be stopped."""
    from estran.web.config.environment import read_environment  # noqa: PLC0415 - as above
    from estran.web.running import backup as copies  # noqa: PLC0415 - as above
    from estran.web.running.start import only_one  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser("estran restore", description=restore.__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    chosen = parser.parse_args(argv)
    if not chosen.file.is_file():
        parser.error(f"there is no file or folder {chosen.file}")
    environment = read_environment()
    environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(environment.data) as is_alone:
        if not is_alone:
            raise SiteRuns
        done = copies.restore(environment, chosen.file)
    sys.stdout.write(f"{done.n_vaults} vaults are as they were on {done.made_at}.\n")
    sys.stdout.write("What was brought or corrected since is not in them; people are told so.\n")
    sys.stdout.write("All sign-ins are void, and so is what let the coach in.\n")
    if done.n_left_out:
        sys.stdout.write(f"{done.n_left_out} people deleted everything since: not brought back.\n")
    if done.set_aside is not None:
        sys.stdout.write(f"What was here lies in {done.set_aside}: delete it when all is well.\n")
    return 0


COMMANDS: Mapping[str, type_command] = {
    "run": run,
    "manage": manage,
    "doctor": doctor,
    "load-territory": load_territory,
    "load-stations": load_stations,
    "papers": papers,
    "backup": backup,
    "restore": restore,
}
"""What the command line hands over, by name."""
