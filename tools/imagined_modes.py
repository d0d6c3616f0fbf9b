"""How each mode rides over made-up ways: limits, stops, accelerations from wide spreads."""

# ruff: noqa: INP001, PLR2004 - tools are scripts, not a package; spreads are numbers

from __future__ import annotations

from collections.abc import Callable

from imagined_ways import Ride, Rng, Street, spread, way

from estran.journal import Mode


def _town(rng: Rng, limit_kmh: float) -> Street:
    return Street(
        limit_kmh,
        spread(rng, 130, 0.35, 60, 350),
        corner_share=rng.uniform(0.08, 0.3),
        light_share=rng.uniform(0.08, 0.35),
        light_s=rng.uniform(12, 40),
        slow_share=rng.beta(1, 4),
        bend_rad_per_km=0.8,
    )


def car(rng: Rng) -> Ride:
    """Drive in town, on roads and motorways; each ride begins and ends in a street."""
    kind = rng.random()
    links = way(rng, _town(rng, rng.choice([30, 50])), spread(rng, 700, 0.8, 150, 4000))
    if kind < 0.4:
        links += way(
            rng, _town(rng, rng.choice([40, 50, 50, 60])), spread(rng, 4000, 0.7, 500, 20000)
        )
    if kind > 0.35:
        road = Street(
            rng.choice([60, 70, 80, 90]),
            spread(rng, 600, 0.4, 200, 2000),
            corner_share=rng.uniform(0, 0.1),
            light_share=rng.uniform(0, 0.2),
            light_s=25,
            bend_rad_per_km=1.0,
            slow_share=rng.beta(1, 6),
            corner_m=20,
        )
        links += way(rng, road, spread(rng, 6000, 0.8, 1000, 40000))
    if kind > 0.6:
        ramp = [
            [200, 14, 14, 0, rng.choice([-1, 1]) * rng.uniform(0.8, 3.5), rng.uniform(40, 90), 0]
        ]
        fast = Street(
            rng.choice([80, 90, 100, 110, 120, 130]),
            1500,
            bend_rad_per_km=0.25,
            least_radius_m=500,
            slow_share=rng.beta(1, 5),
        )
        links += [*ramp, *way(rng, fast, spread(rng, 20000, 0.9, 3000, 150000)), *ramp]
    links += way(rng, _town(rng, rng.choice([30, 50])), spread(rng, 700, 0.8, 150, 4000))
    return Ride(links, rng.uniform(0.9, 2.2), rng.uniform(1.1, 2.4), rng.uniform(0.02, 0.12))


def bus(rng: Rng) -> Ride:
    """Take a town line, a regional line or a coach."""
    kind = rng.random()
    town = Street(
        rng.choice([30, 45, 50, 50]),
        spread(rng, 160, 0.3, 80, 350),
        corner_share=rng.uniform(0.02, 0.2),
        light_share=rng.uniform(0.05, 0.3),
        light_s=rng.uniform(12, 40),
        stop_m=spread(rng, 400, 0.3, 220, 900),
        served_share=rng.uniform(0.5, 0.95),
        dwell_s=rng.uniform(10, 30),
        slow_share=rng.beta(1, 4),
        bend_rad_per_km=0.7,
    )
    links = way(
        rng,
        town,
        spread(rng, 3500, 0.6, 700, 14000) if kind < 0.7 else spread(rng, 1500, 0.6, 200, 6000),
    )
    if kind >= 0.7:
        regional = kind < 0.85
        road = Street(
            rng.choice([60, 70, 80]) if regional else rng.choice([80, 90, 100]),
            700 if regional else 1500,
            corner_share=0.06 if regional else 0.0,
            corner_m=18,
            light_share=0.08 if regional else 0.0,
            stop_m=spread(rng, 1500, 0.5, 600, 5000) if regional else 0.0,
            served_share=rng.uniform(0.3, 0.8),
            dwell_s=18,
            slow_share=rng.beta(1, 6),
            bend_rad_per_km=0.8 if regional else 0.25,
            least_radius_m=60 if regional else 400,
        )
        links += way(rng, road, spread(rng, 9000 if regional else 40000, 0.7, 2000, 200000))
        links += way(rng, town, spread(rng, 1500, 0.6, 200, 6000))
    return Ride(links, rng.uniform(0.6, 1.2), rng.uniform(0.8, 1.3), rng.uniform(0.02, 0.08))


def tram(rng: Rng) -> Ride:
    """Take a tram of the street or light rail."""
    line = Street(
        rng.choice([30, 40, 50, 50, 60, 70]),
        spread(rng, 220, 0.3, 100, 500),
        corner_share=rng.uniform(0, 0.06),
        corner_m=rng.uniform(22, 60),
        light_share=rng.uniform(0, 0.18),
        light_s=20,
        stop_m=spread(rng, 520, 0.3, 280, 1200),
        served_share=rng.uniform(0.85, 1),
        dwell_s=rng.uniform(14, 32),
        bend_rad_per_km=0.6,
        least_radius_m=60,
        slow_share=rng.beta(1, 8),
    )
    links = way(rng, line, spread(rng, 3500, 0.6, 600, 18000))
    return Ride(links, rng.uniform(0.7, 1.2), rng.uniform(0.8, 1.3), rng.uniform(0.01, 0.05))


def metro(rng: Rng) -> Ride:
    """Take a metro, or a regional one with the top speed of trains."""
    regional = rng.random() < 0.3
    line = Street(
        rng.choice([95, 105, 115, 125]) if regional else rng.choice([60, 65, 70, 80, 80]),
        spread(rng, 500, 0.3, 200, 1000),
        stop_m=spread(rng, 2600, 0.4, 1200, 7000)
        if regional
        else spread(rng, 1050, 0.3, 500, 2200),
        dwell_s=rng.uniform(18, 42),
        bend_rad_per_km=0.5,
        least_radius_m=180,
        slow_share=rng.beta(1, 10),
    )
    links = way(rng, line, spread(rng, 18000 if regional else 6500, 0.6, 1000, 60000))
    return Ride(links, rng.uniform(0.8, 1.25), rng.uniform(0.8, 1.2), rng.uniform(0.0, 0.04))


def train(rng: Rng) -> Ride:
    """Take a suburban, regional, long-distance or high-speed train."""
    kind = rng.random()
    if kind < 0.6:
        line = Street(
            rng.choice([90, 100, 110, 120, 140, 160]),
            1200,
            stop_m=spread(rng, 4500, 0.5, 1600, 15000),
            dwell_s=rng.uniform(35, 110),
            served_share=rng.uniform(0.6, 1),
            bend_rad_per_km=0.3,
            least_radius_m=450,
            slow_share=rng.beta(1, 6),
        )
        links, brisk = way(rng, line, spread(rng, 22000, 0.7, 4000, 120000)), rng.uniform(0.3, 0.9)
    else:
        fast = kind > 0.82
        line = Street(
            rng.choice([250, 300, 320]) if fast else rng.choice([120, 140, 160, 200]),
            3000,
            stop_m=spread(rng, 150000 if fast else 35000, 0.6, 10000, 400000),
            dwell_s=rng.uniform(60, 240),
            bend_rad_per_km=0.15,
            least_radius_m=900,
            slow_share=rng.beta(1, 6),
        )
        links, brisk = (
            way(rng, line, spread(rng, 110000, 0.7, 15000, 500000)),
            rng.uniform(0.15, 0.5),
        )
        yard = Street(rng.uniform(30, 70), 500, bend_rad_per_km=0.4, least_radius_m=250)
        links = (
            way(rng, yard, rng.uniform(300, 3000)) + links + way(rng, yard, rng.uniform(300, 3000))
        )
    return Ride(links, brisk, rng.uniform(0.35, 0.85), rng.uniform(0.0, 0.05))


def bike(rng: Rng) -> Ride:
    """Ride like a shopper or a fast e-bike; steady, with few and short stops."""
    cruise = spread(rng, 16.5, 0.2, 10, 27) if rng.random() < 0.8 else spread(rng, 24, 0.12, 19, 38)
    path = Street(
        cruise,
        spread(rng, 170, 0.45, 60, 600),
        corner_share=rng.uniform(0.03, 0.3),
        corner_m=6,
        light_share=rng.uniform(0, 0.2),
        light_s=rng.uniform(6, 25),
        slow_share=rng.beta(1, 9),
        bend_rad_per_km=1.0,
        pace_spread=rng.uniform(0.03, 0.14),
    )
    links = way(rng, path, spread(rng, 3200, 0.8, 500, 30000))
    return Ride(links, rng.uniform(0.4, 1.0), rng.uniform(0.6, 1.4), rng.uniform(0.06, 0.18))


def e_scooter(rng: Rng) -> Ride:
    """Ride like a bike that does 20 or 25 km/h and no more."""
    path = Street(
        rng.choice([20, 25]) * 1.02,
        spread(rng, 160, 0.4, 60, 500),
        corner_share=rng.uniform(0.08, 0.3),
        corner_m=6,
        light_share=rng.uniform(0.02, 0.2),
        light_s=rng.uniform(8, 25),
        slow_share=rng.beta(1, 8),
        bend_rad_per_km=1.0,
    )
    links = way(rng, path, spread(rng, 2000, 0.7, 400, 9000))
    return Ride(links, rng.uniform(0.7, 1.3), rng.uniform(0.8, 1.6), rng.uniform(0.02, 0.08))


def walk(rng: Rng) -> Ride:
    """Walk."""
    path = Street(
        spread(rng, 4.9, 0.15, 3, 7),
        90,
        corner_share=0.2,
        corner_m=3,
        light_share=rng.uniform(0, 0.12),
        light_s=15,
        slow_share=rng.beta(1, 7),
        bend_rad_per_km=2,
        pace_spread=0.06,
    )
    links = way(rng, path, spread(rng, 700, 0.8, 120, 6000))
    return Ride(links, 0.8, 0.8, rng.uniform(0.05, 0.15))


def run(rng: Rng) -> Ride:
    """Run: steady, hardly a stop."""
    path = Street(
        spread(rng, 10.8, 0.17, 7.5, 16),
        150,
        corner_share=0.12,
        corner_m=5,
        light_share=rng.uniform(0, 0.08),
        light_s=20,
        bend_rad_per_km=2,
        slow_share=rng.beta(1, 40),
        pace_spread=rng.uniform(0.01, 0.06),
    )
    links = way(rng, path, spread(rng, 7500, 0.55, 1500, 30000))
    return Ride(links, 0.8, 0.8, rng.uniform(0.02, 0.06))


def ferry(rng: Rng) -> Ride:
    """Cross a harbour or a strait."""
    big = rng.random() < 0.4
    speed = rng.uniform(28, 60) if big else rng.uniform(9, 26)
    open_water = Street(speed, 1500, bend_rad_per_km=0.4, least_radius_m=150)
    links = way(rng, Street(speed * 0.5, 200, least_radius_m=100), rng.uniform(80, 400))
    links += way(rng, open_water, spread(rng, 18000 if big else 1500, 0.7, 300, 120000))
    links += way(rng, Street(speed * 0.4, 200, least_radius_m=100), rng.uniform(80, 400))
    return Ride(links, rng.uniform(0.05, 0.2), rng.uniform(0.05, 0.2), 0.02)


def plane(rng: Rng) -> Ride:
    """Taxi, climb, cruise, land; light aircraft too."""
    light = rng.random() < 0.25
    speed = rng.uniform(150, 280) if light else rng.uniform(650, 900)
    taxi = Street(
        rng.uniform(20, 35), 400, corner_share=0.4, corner_m=25, light_share=0.2, light_s=60
    )
    links = way(rng, taxi, rng.uniform(500, 3000))
    air = Street(speed, 9000, bend_rad_per_km=0.1, least_radius_m=1500)
    links += way(rng, air, spread(rng, 90000 if light else 800000, 0.6, 20000, 3e6))
    links += way(rng, taxi, rng.uniform(500, 3000))
    return Ride(links, rng.uniform(0.8, 2.0), rng.uniform(0.5, 1.2), 0.03)


MAKERS: dict[Mode, Callable[[Rng], Ride]] = {
    Mode.WALK: walk,
    Mode.RUN: run,
    Mode.BIKE: bike,
    Mode.E_SCOOTER: e_scooter,
    Mode.CAR: car,
    Mode.BUS: bus,
    Mode.TRAM: tram,
    Mode.METRO: metro,
    Mode.TRAIN: train,
    Mode.FERRY: ferry,
    Mode.PLANE: plane,
}
