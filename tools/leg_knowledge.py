"""What is known of each mode before any data: spreads of leg features, as mixtures.

Each entry is a mixture of log-normals (weight, median, spread of the logarithm). They are
common knowledge of transport (speed limits, stop spacing, timetables of European networks),
written down once and weighed against the labelled legs by ``tools/fit_modes.py``.
"""

# ruff: noqa: INP001 - tools are scripts, not a package

from __future__ import annotations

from estran.journal import Mode

Mixture = tuple[tuple[float, float, float], ...]

PRIOR_SHARE = {
    Mode.WALK: 0.30, Mode.RUN: 0.03, Mode.BIKE: 0.12, Mode.E_SCOOTER: 0.01, Mode.CAR: 0.30,
    Mode.BUS: 0.12, Mode.TRAM: 0.06, Mode.METRO: 0.06, Mode.TRAIN: 0.07, Mode.FERRY: 0.01,
    Mode.PLANE: 0.006,
}  # fmt: skip
"""Shares of legs in a French town with public transport, flattened on purpose."""

KNOTS = {
    "top_kmh": [
        3,
        5,
        7,
        9,
        12,
        15,
        19,
        24,
        30,
        37,
        45,
        55,
        65,
        80,
        95,
        115,
        135,
        165,
        220,
        330,
        700,
    ],
    "moving_kmh": [2.5, 4, 5.5, 7, 9, 12, 16, 20, 25, 32, 40, 50, 65, 85, 110, 150, 220, 400],
    "stops_per_km": [0.02, 0.08, 0.2, 0.4, 0.8, 1.3, 2, 3, 5],
    "still_share": [0.01, 0.05, 0.1, 0.18, 0.28, 0.4, 0.6],
    "change_mps": [0.1, 0.25, 0.4, 0.7, 1.0, 1.4, 2.0, 2.8, 4],
    "top_factor": [0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0, 2.5, 3.2],
    "coarse_share": [0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0],
    "distance_km": [0.1, 0.3, 0.7, 1.5, 3, 6, 12, 25, 50, 120, 300, 800],
}

SPREADS: dict[str, dict[str, Mixture]] = {
    "top_kmh": {
        Mode.WALK: ((1, 6.5, 0.28),),
        Mode.RUN: ((1, 12.5, 0.22),),
        Mode.BIKE: ((0.85, 23, 0.22), (0.15, 33, 0.15)),
        Mode.E_SCOOTER: ((1, 23, 0.15),),
        Mode.CAR: ((0.06, 30, 0.25), (0.42, 52, 0.26), (0.28, 85, 0.22), (0.24, 120, 0.13)),
        Mode.BUS: ((0.1, 28, 0.3), (0.62, 45, 0.24), (0.16, 75, 0.2), (0.12, 96, 0.1)),
        Mode.TRAM: ((0.15, 28, 0.25), (0.65, 42, 0.22), (0.2, 62, 0.2)),
        Mode.METRO: ((0.7, 62, 0.2), (0.3, 105, 0.16)),
        Mode.TRAIN: ((0.45, 100, 0.22), (0.35, 140, 0.15), (0.2, 250, 0.22)),
        Mode.FERRY: ((0.6, 18, 0.35), (0.4, 38, 0.35)),
        Mode.PLANE: ((0.7, 780, 0.22), (0.3, 380, 0.4)),
    },
    "moving_kmh": {
        Mode.WALK: ((1, 4.6, 0.22),),
        Mode.RUN: ((1, 10, 0.22),),
        Mode.BIKE: ((0.85, 15.5, 0.22), (0.15, 25, 0.15)),
        Mode.E_SCOOTER: ((1, 15.5, 0.2),),
        Mode.CAR: ((0.42, 28, 0.33), (0.28, 50, 0.28), (0.22, 92, 0.2), (0.08, 115, 0.12)),
        Mode.BUS: ((0.7, 21, 0.28), (0.2, 42, 0.3), (0.1, 70, 0.2)),
        Mode.TRAM: ((1, 21, 0.28),),
        Mode.METRO: ((0.7, 33, 0.25), (0.3, 55, 0.2)),
        Mode.TRAIN: ((0.5, 58, 0.3), (0.3, 95, 0.25), (0.2, 190, 0.3)),
        Mode.FERRY: ((1, 16, 0.45),),
        Mode.PLANE: ((0.6, 600, 0.3), (0.4, 350, 0.4)),
    },
    "stops_per_km": {
        Mode.CAR: ((0.45, 0.8, 0.8), (0.25, 0.12, 0.8), (0.3, 0.015, 0.4)),
        Mode.BIKE: ((0.75, 1.3, 0.7), (0.25, 0.02, 0.5)),
        Mode.E_SCOOTER: ((0.75, 1.3, 0.7), (0.25, 0.02, 0.5)),
        Mode.BUS: ((0.8, 1.7, 0.6), (0.2, 0.4, 0.8)),
        Mode.TRAM: ((1, 1.6, 0.5),),
        Mode.METRO: ((0.7, 0.8, 0.5), (0.3, 0.3, 0.6)),
        Mode.TRAIN: ((0.55, 0.2, 0.7), (0.33, 0.06, 0.7), (0.12, 0.015, 0.4)),
        Mode.FERRY: ((1, 0.1, 1.0),),
        Mode.PLANE: ((1, 0.03, 0.7),),
    },
    "still_share": {
        Mode.CAR: ((0.65, 0.1, 0.7), (0.35, 0.01, 0.5)),
        Mode.BIKE: ((0.75, 0.12, 0.6), (0.25, 0.01, 0.6)),
        Mode.E_SCOOTER: ((0.75, 0.12, 0.6), (0.25, 0.01, 0.6)),
        Mode.BUS: ((1, 0.2, 0.5),),
        Mode.TRAM: ((1, 0.22, 0.5),),
        Mode.METRO: ((1, 0.2, 0.5),),
        Mode.TRAIN: ((0.85, 0.12, 0.6), (0.15, 0.015, 0.6)),
        Mode.FERRY: ((1, 0.05, 1.0),),
        Mode.PLANE: ((1, 0.05, 1.0),),
    },
    "change_mps": {
        Mode.WALK: ((1, 0.25, 0.4),),
        Mode.RUN: ((1, 0.35, 0.4),),
        Mode.BIKE: ((1, 0.75, 0.4),),
        Mode.E_SCOOTER: ((1, 0.85, 0.4),),
        Mode.CAR: ((0.62, 1.9, 0.45), (0.38, 0.8, 0.6)),
        Mode.BUS: ((1, 1.8, 0.35),),
        Mode.TRAM: ((1, 1.7, 0.35),),
        Mode.METRO: ((1, 1.9, 0.4),),
        Mode.TRAIN: ((0.7, 1.2, 0.5), (0.3, 0.3, 0.6)),
        Mode.FERRY: ((1, 0.3, 0.6),),
        Mode.PLANE: ((1, 3, 0.8),),
    },
    "top_factor": {
        Mode.WALK: ((1, 1.15, 0.2),),
        Mode.RUN: ((1, 1.15, 0.09),),
        Mode.BIKE: ((1, 1.3, 0.12),),
        Mode.E_SCOOTER: ((1, 1.28, 0.12),),
        Mode.CAR: ((0.7, 1.72, 0.18), (0.3, 1.25, 0.15)),
        Mode.BUS: ((1, 1.7, 0.2),),
        Mode.TRAM: ((1, 1.72, 0.16),),
        Mode.METRO: ((1, 1.6, 0.22),),
        Mode.TRAIN: ((1, 1.5, 0.22),),
        Mode.FERRY: ((1, 1.25, 0.15),),
        Mode.PLANE: ((1, 1.4, 0.25),),
    },
    "coarse_share": {
        Mode.CAR: ((0.9, 0.03, 0.8), (0.1, 0.12, 0.7)),
        Mode.BUS: ((0.85, 0.03, 0.8), (0.15, 0.12, 0.7)),
        Mode.TRAM: ((0.75, 0.03, 0.8), (0.25, 0.2, 0.8)),
        Mode.METRO: ((0.35, 0.03, 0.8), (0.65, 0.35, 0.6)),
        Mode.TRAIN: ((0.7, 0.03, 0.8), (0.3, 0.2, 0.9)),
    },
    "distance_km": {
        Mode.WALK: ((1, 0.6, 0.9),),
        Mode.RUN: ((1, 6, 0.6),),
        Mode.BIKE: ((1, 3, 0.9),),
        Mode.E_SCOOTER: ((1, 2, 0.7),),
        Mode.CAR: ((0.68, 7, 1.0), (0.22, 35, 0.8), (0.1, 130, 0.7)),
        Mode.BUS: ((0.8, 4, 0.8), (0.2, 20, 0.7)),
        Mode.TRAM: ((1, 3.5, 0.7),),
        Mode.METRO: ((1, 7, 0.8),),
        Mode.TRAIN: ((0.6, 30, 0.8), (0.4, 200, 0.8)),
        Mode.FERRY: ((0.7, 2, 0.8), (0.3, 20, 1.0)),
        Mode.PLANE: ((1, 900, 0.7),),
    },
}

_PUBLIC = (Mode.BUS, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY)

CORNERS_PER_KM = {
    Mode.BIKE: 0.6, Mode.E_SCOOTER: 0.6, Mode.CAR: 0.5, Mode.BUS: 0.4, Mode.TRAM: 0.15,
    Mode.METRO: 0.05, Mode.TRAIN: 0.05, Mode.FERRY: 0.15,
}  # fmt: skip
"""Corners too tight for a railway that a ride is seen to take, the mean of a mode's ways. Ways
differ: rates are taken to spread exponentially about it. Rails bend no tighter than 150 m
outside depots (trams: 20 m, at crossings); what is seen on them is the blur of fixes."""

STATED: dict[str, tuple[list[float], dict[str, list[float]]]] = {
    "unseen_share": (
        [0.05, 0.3, 0.7],
        {Mode.PLANE: [-4.5, -1.5, 1.2], Mode.METRO: [-0.3, 0.5, 0.8],
         Mode.TRAIN: [0.0, 0.0, -0.2], Mode.TRAM: [0, -0.1, -0.2],
         Mode.BUS: [0.0, -0.2, -0.4], Mode.CAR: [0.0, -0.2, -0.4]},
    ),
    "said_vehicle_share": (
        [0.0, 0.1, 0.5, 0.9],
        {Mode.CAR: [-2.2, -1.0, 0.1, 0.7], Mode.BUS: [-2.0, -0.6, 0.2, 0.5],
         Mode.TRAIN: [-2.0, -0.4, 0.2, 0.2], Mode.METRO: [-2.0, -0.3, 0.2, 0.0],
         Mode.TRAM: [-1.6, -0.1, 0.2, 0.0], Mode.BIKE: [0.2, 0.1, -1.0, -3.0],
         Mode.E_SCOOTER: [0.2, 0.1, -0.8, -2.5], Mode.WALK: [0, 0, -1.0, -3.0],
         Mode.RUN: [0, 0, -1.0, -3.0]},
    ),
    "said_still_share": (
        [0.1, 0.5, 0.9],
        {Mode.CAR: [0.2, -0.4, -1.0], Mode.BUS: [0.1, -0.1, -0.5], Mode.TRAIN: [0, 0.2, 0.3],
         Mode.METRO: [-0.1, 0.2, 0.3], Mode.TRAM: [-0.1, 0.2, 0.3], Mode.BIKE: [0.1, -0.8, -1.5],
         Mode.E_SCOOTER: [0.1, -0.8, -1.5], Mode.WALK: [0, -0.3, -0.6],
         Mode.FERRY: [0.0, 0.2, 0.3]},
    ),
    "said_foot_share": (
        [0.1, 0.4, 0.8],
        {Mode.WALK: [0, 0.5, 1.0], Mode.RUN: [0, 0.5, 1.0], Mode.BIKE: [0.1, 0, 0.0],
         Mode.CAR: [0.3, -0.7, -1.6], Mode.BUS: [0.3, -0.7, -1.6], Mode.TRAM: [0.2, -0.6, -1.5],
         Mode.METRO: [0.3, -0.7, -1.6], Mode.TRAIN: [0.3, -0.7, -1.6]},
    ),
    "said_bike_share": (
        [0.05, 0.3, 0.8],
        {Mode.BIKE: [-0.3, 1.0, 2.0], Mode.E_SCOOTER: [-0.1, 0.6, 1.0], Mode.WALK: [0, -0.5, -1.5],
         Mode.RUN: [0, -0.5, -1.5], Mode.CAR: [0, -0.7, -2.0], Mode.BUS: [0, -0.7, -2.0],
         Mode.TRAM: [0, -0.7, -2.0], Mode.METRO: [0, -0.7, -2.0], Mode.TRAIN: [0, -0.7, -2.0]},
    ),
    "wait_before_s": (
        # A wait of over half an hour is hardly one for a bus.
        [30, 90, 240, 600, 1500, 2400],
        {Mode.CAR: [0.0, -0.3, -1.0, -1.8, -1.8, -0.8]},
    ),
    "walk_before_s": (
        [0, 40, 120, 300, 600],
        {Mode.CAR: [0.2, 0.35, 0.15, -0.4, -0.8]},
    ),
    "walk_after_s": (
        [0, 40, 120, 300, 600],
        {Mode.CAR: [0.2, 0.35, 0.15, -0.4, -0.8]},
    ),
    "turns_per_km": ([0.1, 1.0], {}),  # CORNERS_PER_KM tells more: it knows how much was seen
    "n_other_rides": ([0.0, 1.0], {}),  # estran.modes.chains tells more
}  # fmt: skip
"""Log-odds stated outright where no spread is known: who waits, or walks far
does not drive; a phone calls a car a vehicle more often than a tram."""

TEMPER_FACTOR = {
    "top_kmh": 0.4, "moving_kmh": 0.4, "stops_per_km": 0.3, "still_share": 0.2,
    "change_mps": 0.3, "coarse_share": 0.8, "distance_km": 0.35,
    "top_factor": 0.25,
}  # fmt: skip
"""Features say partly the same, and the trees say it again: together they must not count
twice."""

LIMIT_KMH = {
    Mode.WALK: 14, Mode.RUN: 24, Mode.BIKE: 50, Mode.E_SCOOTER: 45, Mode.CAR: 190, Mode.BUS: 120,
    Mode.TRAM: 85, Mode.METRO: 130, Mode.TRAIN: 340, Mode.FERRY: 75, Mode.PLANE: 1200,
}  # fmt: skip
"""Mean moving speeds that a leg of each mode does not reach. [km/h]"""
