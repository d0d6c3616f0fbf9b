"""``estran vault``: archives of Estran on one's own machine, and the vaults of a site.

``show`` and ``check`` need an archive only; the others need the site's data folder.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from estran.carbon import factor_set
from estran.cli import archives
from estran.cli.as_json import journal_document
from estran.cli.bringing import Brought
from estran.cli.speech import _, complain
from estran.coach.corrections import apply
from estran.errors import ArchiveUnknown
from estran.formats.reading import ImportReport
from estran.giving.cozy import cozy_pieces
from estran.giving.csv_legs import csv_document
from estran.giving.geojson import geojson_document
from estran.journal import Journal
from estran.trace import Evidence

DONE, WRONG_USE = 0, 2
SITE = "estran.web.commands"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    does = parser.add_subparsers(dest="does", required=True, metavar="WHAT")
    show = does.add_parser("show", help=_("show the journal of an archive, as it was corrected"))
    show.add_argument("file", metavar="FILE")
    forms = show.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help=_("write one JSON document"))
    forms.add_argument("--geojson", action="store_true", help=_("write legs and stays as GeoJSON"))
    forms.add_argument("--csv", action="store_true", help=_("write one row a leg as CSV"))
    forms.add_argument("--cozy", action="store_true", help=_("write trips as a Cozy keeps them"))
    check = does.add_parser("check", help=_("compare an archive with its own list of digests"))
    check.add_argument("file", metavar="FILE")
    does.add_parser("list", help=_("tell the vaults of this site and their sizes"))
    verify = does.add_parser("verify", help=_("check the files of vaults, without any key"))
    verify.add_argument("vaults", nargs="*", metavar="VAULT")
    export = does.add_parser("export", help=_("write a person's archive; asks for the password"))
    export.add_argument("email", metavar="EMAIL")
    export.add_argument("file", metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    if options.does in ("show", "check"):
        return _of_archive(options)
    site = importlib.import_module(SITE)
    status: int = site.vault(options)
    return status


def _of_archive(options: argparse.Namespace) -> int:
    if not Path(options.file).is_file():
        complain(_("There is no file or folder {path}.").format(path=options.file))
        return WRONG_USE
    if not archives.is_archive_file(options.file):
        raise ArchiveUnknown
    with archives.opened(options.file) as archive:
        report = archives.report_of(options.file, archive)
        if options.does == "check":
            told = _("Whole: {n} files as their digests say, made on {day}.")
            manifest = archive.manifest
            print(told.format(n=len(manifest.members), day=manifest.made_at[:10]))
            return DONE
        journal, said = archive.journal(), archive.corrections()
        evidence = (
            archive.evidence()
            if not (options.geojson or options.csv or options.cozy)
            else Evidence()
        )
    if said:
        name = journal.made_by.factor_set
        journal = apply(journal, said, factors=factor_set(name) if name else factor_set())
    _write(options, journal, Brought(evidence, ImportReport((report,)), 0, said))
    return DONE


def _write(options: argparse.Namespace, journal: Journal, brought: Brought) -> None:
    if options.json:
        print(journal_document(journal, brought, ()))
    elif options.csv:
        sys.stdout.write(csv_document(journal))
    elif options.cozy:
        sys.stdout.writelines(cozy_pieces(journal.entries))
    elif options.geojson:
        print(geojson_document(journal))
    else:
        from estran.cli.as_table import print_tables  # noqa: PLC0415 - documents need no tables

        print_tables(journal, brought, dict(os.environ))
