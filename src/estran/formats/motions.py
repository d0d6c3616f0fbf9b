"""One table of the words that providers, phones and people use for a way of moving."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from estran.trace import Motion, type_i8

_WORDS: dict[Motion, str] = {
    Motion.STILL: "still stationary stopped not_moving visit",
    Motion.ON_FOOT: (
        "on_foot foot in_wheelchair wheelchair wheelchair_walk_pace wheelchair_run_pace"
    ),
    Motion.WALK: (
        "walk walking casual_walking speed_walking hiking hike mountaineering walking_nordic "
        "nordic_walking snowshoeing "
        "snowshoe marche randonnee catching_pokemon a_pied marche_a_pied"
    ),
    Motion.RUN: (
        "run running street_running track_running jogging trail_running trail_run course "
        "course_a_pied"
    ),
    Motion.BIKE: (
        "bike biking bicycle bicycling cycling on_bicycle cycle ride road_biking mountain_biking "
        "mountain_bike gravel_ride gravel_cycling gravel_biking hand_cycling cyclocross "
        "downhill_biking track_cycling recumbent_cycling velo bikeshare bike_share"
    ),
    Motion.E_BIKE: (
        "e_bike e_bike_fitness e_bike_mountain ebike e_biking pilot_ebike e_bike_ride "
        "electric_bike vae bicycling_electric velo_electrique velo_a_assistance_electrique"
    ),
    Motion.E_SCOOTER: (
        "e_scooter escooter scootershare scooter_share kick_scooter trottinette "
        "scooter_electric trottinette_electrique"
    ),
    Motion.MOPED: "moped scooter",
    Motion.MOTORCYCLE: (
        "motorcycle motorcycling motorbike in_two_wheeler_vehicle two_wheeler moto moto_inf_250 "
        "moto_sup_250"
    ),
    Motion.VEHICLE: "vehicle in_vehicle automotive transport transit exiting_vehicle air_or_hsr",
    Motion.ROAD_VEHICLE: "in_road_vehicle road_vehicle",
    Motion.CAR: (
        "car in_car drive driving in_passenger_vehicle in_four_wheeler_vehicle in_taxi taxi "
        "drove_alone shared_ride carpool e_car e_car_drove_alone e_car_shared_ride voiture "
        "voiture_solo covoiturage car_electric carpool_electric voiture_electrique autopartage"
    ),
    Motion.BUS: "bus in_bus free_shuttle shuttle trolleybus bus_electric autobus",
    Motion.COACH: "coach autocar intercity_bus",
    Motion.RAIL: "rail in_rail_vehicle in_cablecar cablecar in_funicular funicular",
    Motion.TRAIN: "train in_train commuter_train heavy_rail tgv ter rer",
    Motion.METRO: "metro subway in_subway underground",
    Motion.TRAM: "tram in_tram tramway light_rail streetcar",
    Motion.FERRY: "ferry in_ferry boat boating bateau",
    Motion.PLANE: "plane flying flight air airplane in_airplane avion",
    Motion.TILTING: "tilting",
    Motion.OTHER: (
        "other sailing kayaking rowing surfing swimming skiing snowboarding snowmobile sledding "
        "skating skateboarding kitesurfing paragliding horseback_riding in_gondola_lift "
        "inline_skating alpine_ski cross_country_ski swim alpine_skiing cross_country_skiing "
        "backcountry_skiing backcountry_ski paddling rafting windsurfing windsurf kitesurf surf "
        "kayak canoe canoeing row ice_skate ice_skating snowboard roller_ski sail hang_gliding "
        "gliding stand_up_paddleboarding stand_up_paddling snowmobiling downhill_skiing "
        "snow_sports paddle_sports skating_sports surfing_sports water_sports equestrian_sports "
        "open_water_swimming"
    ),
    Motion.UNKNOWN: "unknown unknown_activity_type none",
}

SPORTS_ELSEWHERE: dict[Motion, str] = {
    Motion.WALK: (
        "spaziergang gehen wandern wanderung caminata caminar senderismo excursion paseo "
        "camminata escursione passeggiata wandeling wandelen caminhada trilha"
    ),
    Motion.RUN: (
        "lauf laufen traillauf carrera correr corsa trail_runde hardloopsessie hardlopen "
        "hardloop corrida trail"
    ),
    Motion.BIKE: (
        "sortie_a_velo sortie_velo sortie_vtt vtt gravel radfahrt radfahren fahrrad "
        "mountainbike_fahrt gravel_fahrt mountainbike bicicleta ciclismo pedalata "
        "giro_in_bici bici fietsrit fietsen rit pedalada"
    ),
    Motion.E_BIKE: (
        "vtc_electrique vtt_electrique sortie_velo_electrique e_bike_fahrt e_mtb e_mtb_fahrt "
        "e_mountain_bike_ride bicicleta_electrica pedalata_e_bike bici_elettrica "
        "e_bike_rit elektrische_fiets bicicleta_eletrica"
    ),
    Motion.OTHER: (
        "natation schwimmen natacion nuoto zwemmen natacao ski_alpin ski_de_fond snowboarden "
        "aviron rudern remo canottaggio roeien"
    ),
}
"""Sports as lists of activities name them in other languages; in a title they may be anything."""

MOTIONS: Mapping[str, Motion] = MappingProxyType(
    {
        word: motion
        for table in (SPORTS_ELSEWHERE, _WORDS)
        for motion, words in table.items()
        for word in words.split()
    }
)
"""What each word means; keys are in lower case with underscores."""

_WORD_LIMIT = 64
_N_REMEMBERED = 1024


class _Codes(dict[str, int]):
    """Codes of words as they are written, looked up once each."""

    def __missing__(self, word: str) -> int:
        folded = unicodedata.normalize("NFKD", word[:_WORD_LIMIT])
        plain = "".join(c for c in folded if not unicodedata.combining(c))
        plain = "_".join(plain.lower().replace("-", " ").replace("_", " ").split())
        code = int(MOTIONS.get(plain, Motion.UNKNOWN))
        if len(self) < _N_REMEMBERED and len(word) <= _WORD_LIMIT:
            self[word] = code
        return code


_CODES = _Codes()


def motion_codes(words: Iterable[str]) -> type_i8:
    """Tell what many words mean, as the codes that evidence holds.

    Examples
    --------
    >>> motion_codes(["WALKING", "zorbing"])
    array([3, 0], dtype=int8)
    """
    return np.array([_CODES[word] for word in words], dtype=np.int8)


def motion_of(word: str) -> Motion:
    """Tell what a provider's word means; a word nobody knows is UNKNOWN.

    Examples
    --------
    >>> [motion_of(w).name for w in ("IN_PASSENGER_VEHICLE", "in train", "Vélo", "zorbing")]
    ['CAR', 'TRAIN', 'BIKE', 'UNKNOWN']
    """
    return Motion(_CODES[word])
