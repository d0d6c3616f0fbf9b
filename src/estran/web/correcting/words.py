"""Words for what is said of a vehicle, a mark, a correction."""

from __future__ import annotations

from collections.abc import Mapping

from estran.wording import N_

VEHICLES: Mapping[str, str] = {
    "small": N_("small"),
    "medium": N_("medium"),
    "saloon": N_("saloon"),
    "suv": N_("SUV"),
    "van": N_("van"),
    "converted_van": N_("converted van"),
    "camper_van": N_("camper van"),
    "large": N_("large"),
    "cargo": N_("cargo bike"),
}
"""Sizes and kinds, by the key of the factor table."""

ENERGIES: Mapping[str, str] = {
    "petrol": N_("petrol"),
    "diesel": N_("diesel"),
    "hybrid": N_("hybrid"),
    "plug_in": N_("plug-in hybrid"),
    "electric": N_("electric"),
    "lpg": N_("LPG"),
    "e85": N_("E85"),
    "gas": N_("gas"),
}

TRAINS: Mapping[str, str] = {
    "ter": N_("regional train (TER)"),
    "intercites": N_("Intercités"),
    "tgv": N_("high-speed train (TGV)"),
    "transilien": N_("suburban train (Transilien, RER)"),
}

SAID: Mapping[str, str] = {
    "mode": N_("How you travelled"),
    "vehicle": N_("In what, and by how many"),
    "distance": N_("The distance"),
    "path": N_("The way"),
    "purpose": N_("The purpose"),
    "mark": N_("A note on a trip"),
    "split": N_("A trip parted"),
    "merge": N_("Trips put together"),
    "times": N_("The times"),
    "ends": N_("Where it began or ended"),
    "delete": N_("It was no trip"),
    "add": N_("A trip added"),
}
"""What a correction was about, by its kind."""
