"""``estran footprint``: one figure with its parts, its interval, its source and its date."""

from __future__ import annotations

import argparse
import json
from math import isnan, nan

from estran.carbon import Explanation, FactorSet, explain, factor_set
from estran.carbon.factors import Factor
from estran.carbon.reading import DEFAULT_FACTOR_SET
from estran.cli.speech import _, decimal, kilometres, mass
from estran.errors import ModeUnknown, ValueOutOfRange
from estran.travel import Co2e, Mode
from estran.wording import CARBON_NOTES, MODE_NAMES, say

SAME_KIND = {"rer": "transilien"}
"""Other names of kinds of train."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--mode", required=True, metavar="KEY", help=_("walk, bike, car, bus, train, plane...")
    )
    parser.add_argument(
        "--distance-km", required=True, type=float, metavar="D", help=_("how far, in kilometres")
    )
    parser.add_argument(
        "--occupants",
        type=float,
        default=nan,
        metavar="N",
        help=_("people aboard, with the driver"),
    )
    parser.add_argument("--vehicle", default="", metavar="KEY", help=_("size or kind of vehicle"))
    parser.add_argument("--energy", default="", metavar="KEY", help=_("what moves the vehicle"))
    parser.add_argument(
        "--train-kind", default="", metavar="KEY", help=_("tgv, intercites, ter or transilien")
    )
    parser.add_argument(
        "--factors", default=DEFAULT_FACTOR_SET, metavar="SET", help=_("the factor set to use")
    )
    parser.add_argument("--json", action="store_true", help=_("write one JSON document"))


def run(options: argparse.Namespace) -> int:
    """Answer."""
    factors = factor_set(options.factors)
    mode = _mode(options.mode)
    keys = {
        "vehicle": options.vehicle,
        "energy": options.energy,
        "train_kind": SAME_KIND.get(options.train_kind, options.train_kind),
    }
    _check(mode, keys, factors)
    why = explain(
        mode, options.distance_km * 1000.0, factors=factors, occupants=options.occupants, **keys
    )
    print(_document(why, options, factors) if options.json else _page(why, options, factors))
    return 0


def _mode(key: str) -> Mode:
    try:
        return Mode(key)
    except ValueError:
        raise ModeUnknown(mode=key[:40], known=", ".join(Mode)) from None


def _check(mode: Mode, keys: dict[str, str], factors: FactorSet) -> None:
    """Refuse a key that the set does not know: what somebody typed must have an effect."""
    for name, known in factors.choices(mode).items():
        if keys[name] and keys[name] not in known:
            one_of = _("one of {known}").format(known=", ".join(known)) if known else ""
            raise ValueOutOfRange(
                name=f"--{name.replace('_', '-')}",
                expected=one_of or _("left out for this mode"),
            )


def _number(value: float) -> float | None:
    return None if isnan(value) else round(value, 3)


def _document(why: Explanation, options: argparse.Namespace, factors: FactorSet) -> str:
    co2e = why.co2e
    document = {
        "schema": "estran.footprint/1",
        "mode": why.mode.value,
        "distance_km": options.distance_km,
        "occupants": _number(why.occupants),
        "co2e_g": {
            "central": _number(co2e.central_g),
            "low": _number(co2e.low_g),
            "high": _number(co2e.high_g),
        },
        "split_g": {name: _number(value_g) for name, value_g in _parts(co2e)},
        "factor_set": {
            "name": factors.name,
            "title": factors.title,
            "territory": factors.territory,
            "valid_from": factors.valid_from.isoformat(),
            "valid_until": factors.valid_until and factors.valid_until.isoformat(),
            "digest": factors.digest,
        },
        "priced_km": round(why.distance_km, 3),
        "factors": [_row(row) for row in why.rows],
        "notes": list(why.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _parts(co2e: Co2e) -> tuple[tuple[str, float], ...]:
    return (
        ("use", co2e.use_g),
        ("upstream", co2e.upstream_g),
        ("manufacture", co2e.manufacture_g),
        ("contrails", co2e.contrails_g),
    )


def _row(row: Factor) -> dict[str, object]:
    return {
        "row": row.row,
        "unit": _unit(row),
        "g_per_km": _number(row.central_g_per_km),
        "low_g_per_km": _number(row.low_g_per_km),
        "high_g_per_km": _number(row.high_g_per_km),
        "source": row.source.title,
        "source_id": row.source_id,
        "year": row.source_year,
        "licence": row.source.licence,
        "address": row.source.path,
        "derived": row.derived,
        "comment": row.comment,
    }


def _unit(row: Factor) -> str:
    return "g/vkm" if row.per_vehicle else "g/pkm"


def _page(why: Explanation, options: argparse.Namespace, factors: FactorSet) -> str:
    """Write the answer for a person."""
    co2e = why.co2e
    title = f"{_(MODE_NAMES[why.mode])}, {kilometres(options.distance_km * 1000.0)}"
    if not isnan(why.occupants):
        aboard = _("{n} aboard").format(n=decimal(why.occupants, 2).rstrip("0").rstrip(".,"))
        title = f"{title}, {aboard}"
    between = _("between {low} and {high}").format(low=mass(co2e.low_g), high=mass(co2e.high_g))
    lines = [title, f"  {mass(co2e.central_g, n_digits=3)} CO2e, {between}", ""]
    names = {
        "use": _("Use"),
        "upstream": _("Upstream"),
        "manufacture": _("Manufacture"),
        "contrails": _("Contrails"),
    }
    for part, value_g in _parts(co2e):
        told = _("not told apart") if isnan(value_g) else mass(value_g, n_digits=3)
        lines.append(f"  {names[part]:<14} {told}")
    lines.append("")
    lines.extend(line for row in why.rows for line in _told(row))
    lines.append(f"{_('Factor set')}: {factors.name} ({factors.title})")
    lines.extend(f"- {say(CARBON_NOTES, note, {}, _)}" for note in why.notes)
    return "\n".join(lines)


def _told(row: Factor) -> list[str]:
    number = _("no. {id}").format(id=row.source_id) if row.source_id else ""
    source = [row.source.title, number, str(row.source_year), row.source.licence]
    factor = f"{_('Factor')}: {row.row}, {decimal(row.central_g_per_km, 2)} {_unit(row)}"
    lines = [factor, f"  {_('Source')}: {', '.join(text for text in source if text)}"]
    return [*lines, f"  {row.comment}"] if row.comment else lines
