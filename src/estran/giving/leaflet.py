"""The two sheets that lie in an archive, for somebody who never saw one."""

from __future__ import annotations

FRENCH = """CECI EST UNE ARCHIVE ESTRAN
===========================

Elle contient tout ce qu’un site Estran gardait de vos déplacements, le {made_on}.
C’est un fichier zip ordinaire : renommez-le en .zip pour l’ouvrir.

Attention : ce qui est ici se lit sans mot de passe, sauf si l’archive vous en a demandé un.
Cela montre où vous vivez et où vous allez. Rangez-la comme des papiers personnels.

CE QU’ELLE CONTIENT
  trips.csv           vos trajets, corrigés par vous, une ligne par étape (tableur)
  journal.geojson     vos arrêts et vos trajets, à regarder sur une carte
  positions.parquet   toutes les positions brutes ({n_positions})
  activities.parquet  ce que le téléphone croyait que vous faisiez
  claims.parquet      les visites et trajets que vos fichiers affirmaient
  marks.parquet       ce que le traceur disait de lui-même
  sources.json        d’où vient chaque position, et par quel import
  journal/            le journal tel qu’il a été analysé, un fichier par mois
  corrections.json    tout ce que vous avez corrigé, avec la date
  documents/          imports, accords, lieux, réglages et autres papiers
  access-log.json     qui a lu ou envoye quoi, quand et pourquoi
  account.json        ce que le site savait de votre compte
  manifest.json       la liste des fichiers avec leur empreinte SHA-256

CE QUE VOUS POUVEZ EN FAIRE
  La rapporter dans n’importe quel site Estran : Réglages, Mes données, partout, Restaurer.
  L’ouvrir sur votre ordinateur : estran vault show FICHIER.estran
  L’ouvrir avec d’autres outils : tableur, QGIS, DuckDB, pandas.

Les colonnes et leurs unités sont décrites dans docs/archive-format.md du projet Estran.
"""

ENGLISH = """THIS IS AN ESTRAN ARCHIVE
=========================

It holds everything that an Estran site kept of your movements, on {made_on}.
It is an ordinary zip file: rename it to .zip to open it.

Mind: what is in here can be read without a password, unless the archive asked you for one.
It shows where you live and where you go. Keep it as you keep personal papers.

WHAT IS IN IT
  trips.csv           your trips, as you corrected them, one line a leg (spreadsheet)
  journal.geojson     your stays and trips, to look at on a map
  positions.parquet   all raw positions ({n_positions})
  activities.parquet  what the phone thought you were doing
  claims.parquet      visits and moves that your files stated
  marks.parquet       what the tracker said of itself
  sources.json        where each position comes from, and by which import
  journal/            the journal as it was analysed, one file a month
  corrections.json    everything that you corrected, with its date
  documents/          imports, consents, places, settings and other papers
  access-log.json     who read or sent what, when and why
  account.json        what the site knew of your account
  manifest.json       the list of files with their SHA-256

WHAT YOU CAN DO WITH IT
  Bring it to any Estran site: Settings, My data, everywhere, Restore.
  Open it on your computer: estran vault show FILE.estran
  Open it with other tools: a spreadsheet, QGIS, DuckDB, pandas.

Columns and their units are described in docs/archive-format.md of the Estran project.
"""


def sheets(made_on: str, n_positions: int) -> dict[str, bytes]:
    """Give the two sheets by their names."""
    told = {"made_on": made_on, "n_positions": f"{n_positions}"}
    return {
        "LISEZMOI.txt": FRENCH.format(**told).encode(),
        "README.txt": ENGLISH.format(**told).encode(),
    }
