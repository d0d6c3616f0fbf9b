from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.bringing import bring_text
from tests.formats.fit.encoder import outing
from tests.formats.reading_whole import FIXTURES, damaged, survives

from estran.formats.motions import motion_of
from estran.formats.strava import FORMAT
from estran.formats.strava.dates import instant_us
from estran.timebase import iso_utc
from estran.trace import MarkKind, Motion, Stream

NAMES = {
    "en": "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,Commute",
    "fr": "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Description de l'activité,Temps écoulé,Distance,Fréquence cardiaque max.,Effort relatif,Déplacement-transport,Note privée sur les activités,Matériel utilisé pour l'activité,Nom du fichier,Poids de l'athlète,Poids du vélo,Temps écoulé,Durée de déplacement,Distance,Vitesse max.,Vitesse moyenne,Déplacement-transport",
    "de": "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis,Aktivitätsausrüstung,Dateiname,Sportlergewicht,Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,Durchschnitt,Pendeln",
    "es": "ID de actividad,Fecha de la actividad,Nombre de la actividad,Tipo de actividad,Descripción de la actividad,Tiempo transcurrido,Distancia,FC máx.,Esfuerzo relativo,Desplazamiento,Nota privada,Equipamiento,Nombre de archivo,Peso del atleta,Peso de la bicicleta,Tiempo transcurrido,Tiempo en movimiento,Distancia,a,b,Desplazamiento",
    "it": "ID attività,Data dell'attività,Nome dell'attività,Tipo di attività,Descrizione,Tempo trascorso,Distanza,FC max,Sforzo relativo,Spostamento,Nota,Attrezzatura,Nome file,Peso,Peso bici,Tempo trascorso,Tempo in movimento,Distanza,a,b,Spostamento",
    "nl": "Activiteits-ID,Datum van activiteit,Naam activiteit,Activiteitstype,Beschrijving,Verstreken tijd,Afstand,Max. hartslag,Relatieve inspanning,Woon-werkverkeer,Notitie,Uitrusting,Bestandsnaam,Gewicht,Fietsgewicht,Verstreken tijd,Beweegtijd,Afstand,a,b,Woon-werkverkeer",
    "pt": "ID da atividade,Data da atividade,Nome da atividade,Tipo de atividade,Descrição,Tempo decorrido,Distância,FC máx.,Esforço relativo,Deslocamento,Nota,Equipamento,Nome do arquivo,Peso,Peso da bicicleta,Tempo decorrido,Tempo de movimentação,Distância,a,b,Deslocamento",
    "sv, not known here": "Aktivitets-ID,Datum,Namn,Typ,Beskrivning,Förfluten tid,Distans,Maxpuls,Insats,Pendling,Anteckning,Utrustning,Filnamn,Vikt,Cykelvikt,Förfluten tid,Rörelsetid,Distans,a,b,Pendling",
}


def row(
    date="Mar 9, 2025, 6:12:08 AM", kind="Ride", file="activities/1.fit.gz", commute="true", text=""
):
    return f'1,"{date}",Name,{kind},"{text}",1893,"7,42",150,12,{commute},,Hybrid,{file},70,12,1893.0,1710.0,7421.3,11.2,4.3,{commute}\n'


@pytest.mark.parametrize("language", NAMES)
def test_the_list_is_read_in_every_language(language):
    got = bring_text(f"{NAMES[language]}\n{row()}{row(commute='false', file='activities/2.gpx')}")
    assert got.report.format == "strava"
    assert got.claims == [("2025-03-09T06:12:08Z", "2025-03-09T06:43:41Z", "BIKE", False)]
    assert got.evidence.claims.distance_m[0] == pytest.approx(7421.3)
    assert got.evidence.marks.kind.tolist() == [MarkKind.COMMUTE_BEGAN]
    assert got.evidence.sources[0].stream is Stream.DECLARED
    assert got.faults == {}


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-09 18:12:08", "Mar 9, 2025, 6:12:08 PM", "Mar 9, 2025, 6:12:08\u202fPM",
        "09.03.2025, 18:12:08", "9 mars 2025, 18:12:08", "9 mars 2025 à 18:12:08",
        "09/03/2025, 18:12:08", "9 mar 2025, 18:12:08", "9 mar. 2025, 6:12:08 p.\u00a0m.",
        "9 de mar. de 2025, 18:12:08", "9 mrt. 2025 18:12:08",
        "2025/03/09 18:12:08",
    ],
)  # fmt: skip
def test_dates_of_every_language(text):
    assert iso_utc(instant_us(text)) == "2025-03-09T18:12:08Z"


@pytest.mark.parametrize(
    ("word", "month"),
    [("janv.", 1), ("févr.", 2), ("März", 3), ("avr.", 4), ("mai", 5), ("juin", 6), ("juil.", 7),
     ("août", 8), ("sept.", 9), ("ott", 10), ("out.", 10), ("Dez.", 12), ("dic", 12), ("ene", 1),
     ("gen", 1), ("lug", 7), ("mei", 5)],
)  # fmt: skip
def test_months_of_every_language(word, month):
    assert iso_utc(instant_us(f"2 {word} 2024, 07:12:08"))[:10] == f"2024-{month:02d}-02"


@pytest.mark.parametrize("text", ["27 juil. 2026", "soon", "", "31.02.2024, 10:00:00", "9" * 500])
def test_a_date_that_is_none_costs_its_row_alone(text):
    got = bring_text(f"{NAMES['en']}\n{row(text)}{row()}")
    assert (len(got.claims), got.faults) == (1, {"claim-unreadable": 1})


@pytest.mark.parametrize(
    ("word", "motion"),
    [
        ("Ride", Motion.BIKE), ("Run", Motion.RUN), ("Walk", Motion.WALK), ("Hike", Motion.WALK),
        ("E-Bike Ride", Motion.E_BIKE), ("Vélo", Motion.BIKE), ("Course à pied", Motion.RUN),
        ("Marche", Motion.WALK), ("Randonnée", Motion.WALK), ("Vélo électrique", Motion.E_BIKE),
        ("VTC électrique", Motion.E_BIKE), ("Sortie à vélo", Motion.BIKE),
        ("Natation", Motion.OTHER), ("Radfahrt", Motion.BIKE), ("Lauf", Motion.RUN),
        ("Spaziergang", Motion.WALK), ("Wanderung", Motion.WALK), ("E-Bike-Fahrt", Motion.E_BIKE),
        ("Bicicleta", Motion.BIKE), ("Carrera", Motion.RUN), ("Caminata", Motion.WALK),
        ("Pedalata", Motion.BIKE), ("Corsa", Motion.RUN), ("Camminata", Motion.WALK),
        ("Fietsrit", Motion.BIKE), ("Hardloopsessie", Motion.RUN), ("Wandeling", Motion.WALK),
        ("Pedalada", Motion.BIKE), ("Corrida", Motion.RUN), ("Caminhada", Motion.WALK),
        ("Virtual Ride", Motion.UNKNOWN), ("Weight Training", Motion.UNKNOWN),
    ],
)  # fmt: skip
def test_sports_of_every_language_are_in_the_one_table(word, motion):
    assert motion_of(word) is motion


def test_texts_with_line_breaks_and_quotes_of_both_kinds():
    doubled, escaped = 'a, ""b""\nc', 'it is \\"so\\"'
    got = bring_text(f"{NAMES['en']}\n{row(text=doubled)}{row(text=escaped)}")
    assert len(got.claims) == 1, "both rows say the same"
    assert got.faults == {}


def test_what_has_no_file_is_no_trip_and_said():
    text = f"{NAMES['en']}\n{row(file='')}{row(file='#error#')}"
    got = bring_text(text)
    assert len(got.claims) == 1
    assert got.faults == {"activity-by-hand": 1, "activity-file-missing": 1}


def test_the_old_short_list():
    got = bring_text(
        "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Commute,Activity Gear,Filename\n"
        "1,2018-09-12 15:02:23,x,Run,,600,2.5,false,,activities/1.gpx\n"
    )
    assert got.claims == [("2018-09-12T15:02:23Z", "2018-09-12T15:12:23Z", "RUN", False)]
    assert got.evidence.claims.distance_m.tolist() == [2500.0]


def test_the_whole_archive_joins_the_list_to_its_files():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        text = f"{NAMES['fr']}\n{row('1 mai 2024, 08:00:00', 'Vélo', 'activities/1.fit.gz')}"
        archive.writestr("activities.csv", text)
        archive.writestr("activities/1.fit.gz", gzip.compress(outing(100).bytes()))
        archive.writestr("profile.csv", "a,b\n1,2\n")
    got = bring_text(packed.getvalue())
    assert len(got.evidence.trace) == 100
    assert [c[2] for c in got.claims] == ["BIKE", "BIKE"]


def test_a_line_without_end_is_hostile():
    assert bring_text(f"{NAMES['en']}\n" + "x" * 3_000_000).refused == "file-hostile"


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_damage_never_raises_more_than_a_refusal(seed):
    survives(FORMAT, damaged((NAMES["fr"] + "\n" + row() * 5).encode(), seed))


@pytest.mark.data
@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize(("name", "n"), [("activities_en.csv", 1), ("activities_fr.csv", 2)])
def test_lists_of_the_research_are_read(name, n):
    got = bring_text((FIXTURES / "synthetic" / "strava" / name).read_bytes())
    assert len(got.claims) == n
