"""The site's table of prices, and what legs of a vault's person cost by it."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from estran.coach.money import coster, type_coster
from estran.coach.prices import Prices, prices, read_prices
from estran.errors import ValueOutOfRange
from estran.web.garage.documents import read_garage
from estran.web.store.opened import OpenVault

FILE = "prices.toml"
"""In the data folder: the operator's own table, in place of Estran's."""

_log = logging.getLogger(__name__)


def site_prices() -> Prices:
    """Give the operator's table where there is one that reads, else Estran's."""
    path = Path(settings.ESTRAN_DATA) / FILE
    try:
        stamp_ns = path.stat().st_mtime_ns
    except OSError:
        return prices()
    return _read(path, stamp_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp_ns: int) -> Prices:
    """Read a table once for each time it was written."""
    try:
        return read_prices(path.read_text(encoding="utf-8"))
    except ValueOutOfRange as error:
        _log.warning("prices refused: %s", error.params.get("name", ""))
    except (OSError, UnicodeDecodeError):
        _log.warning("prices refused: %s cannot be read", FILE)
    return prices()


def costs_of(vault: OpenVault) -> type_coster:
    """Make what tells the cost of legs of a vault's person."""
    return coster(read_garage(vault), site_prices())
