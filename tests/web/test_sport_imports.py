"""What a watch keeps, from a dropped file to a journal."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date

import pytest

from estran.journal import Mode, Trip
from estran.web.accounts.vaults import open_by_password, store
from estran.web.me import work
from estran.web.store.opened import OpenVault
from tests.formats.fit.encoder import START_S, FitFile

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 1)
NAMES = (
    "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Description,"
    "Temps écoulé,Distance,Déplacement-transport,Matériel,Nom du fichier"
)


def ride(n: int = 1800) -> bytes:
    """Ride at 5 m/s for half an hour."""
    made = FitFile()
    made.file_id()
    made.track((START_S + i, 46.16 + i * 4.5e-5, -1.15) for i in range(n))
    made.session(START_S, n - 1, 2, distance_m=n * 5.0)
    return made.bytes()


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        row = '1,"1 mai 2024, 08:00:00",x,Vélo,,1800,"9,0",true,,activities/1.fit.gz'
        out.writestr(
            "activities.csv", f"{NAMES}\n{row}\n{row.replace('activities/1.fit.gz', '')}\n"
        )
        out.writestr("activities/1.fit.gz", gzip.compress(ride()))
    return packed.getvalue()


def test_the_archive_of_strava_becomes_a_ride(alice, work_off):
    row = alice.bring(("export_1.zip", archive()))
    work_off()
    vault = OpenVault(
        store(), alice.person.vault.vault_id, open_by_password(alice.person, PASSWORD)
    )
    [trip] = [e for e in work.journal(vault, DAY, DAY).entries if isinstance(e, Trip)]
    assert [leg.mode for leg in trip.legs] == [Mode("bike")]
    assert 8_500 < trip.distance_m < 9_500
    page = alice.client.get(
        f"/import/{row.pk}/", headers={"accept-language": "fr"}
    ).content.decode()
    assert "Liste d’activités de Strava" in page
    assert "notée à la main" in page


def test_a_file_of_settings_is_refused_in_words(alice, work_off):
    made = FitFile()
    made.file_id(2)
    row = alice.bring(("Settings.fit", made.bytes()))
    work_off()
    page = alice.client.get(
        f"/import/{row.pk}/", headers={"accept-language": "fr"}
    ).content.decode()
    assert "son dossier ACTIVITY" in page
