"""What a person can do with their vehicles: each keeps all or nothing, months follow."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from estran.coach.garage import Garage, Habits, Pass, Vehicle, changed
from estran.errors import NotFound, ValueOutOfRange
from estran.web.garage.documents import read_garage, write_garage
from estran.web.me.documents import read_calendar, read_corrections
from estran.web.me.summing import added_days, refresh_months
from estran.web.store.opened import OpenVault

_Thing = TypeVar("_Thing", Vehicle, Pass)

MOST = 60
"""More vehicles or passes than anybody keeps."""


def new_id() -> str:
    """Name a new vehicle or pass."""
    return uuid.uuid4().hex


def keep_vehicle(vault: OpenVault, vehicle: Vehicle) -> None:
    """Keep a vehicle: a new one, or changed."""
    _keep(vault, lambda garage: replace(garage, vehicles=_put(garage.vehicles, vehicle)))


def replace_vehicle(vault: OpenVault, before: str, after: Vehicle) -> None:
    """Put a vehicle in place of another from a day on."""
    _keep(vault, lambda garage: changed(garage, before, after))


def keep_pass(vault: OpenVault, bought: Pass) -> None:
    """Keep a pass: a new one, or changed."""
    _keep(vault, lambda garage: replace(garage, passes=_put(garage.passes, bought)))


def keep_habits(vault: OpenVault, habits: Habits) -> None:
    """Keep what is usual."""
    _keep(vault, lambda garage: replace(garage, habits=habits))


def remove(vault: OpenVault, thing_id: str) -> None:
    """Remove a vehicle or a pass, as if it had never been.

    Raises
    ------
    NotFound
        There is none of this id.
    """

    def without(garage: Garage) -> Garage:
        vehicles = tuple(v for v in garage.vehicles if v.id != thing_id)
        passes = tuple(p for p in garage.passes if p.id != thing_id)
        if (vehicles, passes) == (garage.vehicles, garage.passes):
            raise NotFound
        return replace(garage, vehicles=vehicles, passes=passes)

    _keep(vault, without)


def _put(kept: tuple[_Thing, ...], thing: _Thing) -> tuple[_Thing, ...]:
    if any(one.id == thing.id for one in kept):
        return tuple(thing if one.id == thing.id else one for one in kept)
    return kept + (thing,)  # noqa: RUF005 - the type of either


def _keep(vault: OpenVault, change: Callable[[Garage], Garage]) -> None:
    """Change the garage and sum up every month anew, in one transaction."""
    with vault.transaction():
        before = read_garage(vault)
        after = change(before)
        if len(after.vehicles) > MOST or len(after.passes) > MOST:
            raise ValueOutOfRange(name="vehicles", expected=f"up to {MOST}")
        if after == before:
            return
        write_garage(vault, after)
        if replace(after, habits=replace(after.habits, weight_kg=None)) != replace(
            before, habits=replace(before.habits, weight_kg=None)
        ):
            days = read_calendar(vault).dates() | added_days(read_corrections(vault))
            refresh_months(vault, days)
