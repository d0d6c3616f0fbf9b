"""Nothing of a person is in clear in what is stored."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from estran.trace import Activities, Claims, Marks, Positions, Source
from estran.vault.keys import create_vault
from estran.vault.store import new_meta
from estran.web.store import ClosedVault, OpenVault
from tests.unit.vault.samples import DAY_US, START_US

LAT, LON = 46.1591234, -1.1517765
SOURCE = Source("google-records/planted-device", "planted-format", "planted-phone")
DAY = START_US // DAY_US


def fill(vault: OpenVault) -> None:
    n = 5
    times = START_US + np.arange(n) * 1_000_000
    code, number, source = np.ones(n, np.int8), np.ones(n, np.float32), np.zeros(n, np.int16)
    lat, lon = np.full(n, LAT), np.full(n, LON)
    claims = Claims(times, times, code, code, number, code > 0, lat, lon, lat, lon, number, source)
    with vault.transaction():
        vault.add_positions(SOURCE, Positions.of(times, lat, lon), import_id="planted-i")
        vault.add_activities(SOURCE, Activities(times, code, number, source), import_id="planted-i")
        vault.add_claims(SOURCE, claims, import_id="planted-i")
        vault.add_marks(SOURCE, Marks(times, code, source), import_id="planted-i")
        vault.put_doc("planted-kind", "2025-10-09", b'{"lat": 46.1591234, "place": "planted"}')
        vault.audit("planted-action", "planted-why")


def in_clear() -> dict[str, bytes]:
    lat_e7, lon_e7 = round(LAT * 1e7), round(LON * 1e7)
    told = {
        name: text.encode()
        for name, text in {
            "planted": "planted", "coordinate": "46.159", "longitude": "1.1517",
            "ISO day": "2025-10-09", "basic day": "20251009", "format": "google",
        }.items()
    }  # fmt: skip
    for order in "<>":
        told |= {
            f"{order}lat": struct.pack(f"{order}d", LAT),
            f"{order}lon": struct.pack(f"{order}d", LON),
            f"{order}lat32": struct.pack(f"{order}f", LAT),
            f"{order}lat_e7": struct.pack(f"{order}i", lat_e7),
            f"{order}lon_e7": struct.pack(f"{order}i", lon_e7),
            f"{order}time": struct.pack(f"{order}q", START_US),
            f"{order}ms": struct.pack(f"{order}q", START_US // 1000),
        }
    return told


@pytest.mark.parametrize("compacted", [False, True])
def test_a_stored_vault_tells_nothing(bench, vault, compacted):
    fill(vault)
    closed = ClosedVault(bench.store, bench.keys.vault_id, vault.public_key)
    closed.append_inbox("planted-batch", b"planted 46.1591234 2025-10-09")
    if compacted:
        vault.remove_import("planted-i")
        fill(vault)
    stored = bench.path.read_bytes()
    for name, told in in_clear().items():
        assert told not in stored, name
    for secret in (bench.keys.vault_key, bench.keys.secret_key):
        assert secret not in stored
    # The search finds what is there: the public key is in clear, as it must be.
    assert bench.keys.public_key in stored
    assert len(vault.evidence().trace) == 5


def test_the_search_would_find_each_of_these(vault):
    plain = struct.pack("<d", LAT) + struct.pack(">i", round(LON * 1e7)) + b"2025-10-09"
    found = {name for name, told in in_clear().items() if told in plain}
    assert found == {"<lat", ">lon_e7", "ISO day"}


def test_row_keys_of_a_day_differ_between_vaults(bench, vault, tmp_path):
    keys = create_vault()
    bench.store.create(keys.vault_id, new_meta(keys))
    other = OpenVault(bench.store, keys.vault_id, keys.vault_key)
    fill(vault)
    fill(other)

    def row_keys(vault_id):
        with bench.store.connect(vault_id) as container:
            return {row.key for table in ("chunk", "doc") for row in container.names(table)}

    one, two = row_keys(bench.keys.vault_id), row_keys(keys.vault_id)
    assert len(one) == len(two) == 5
    assert not one & two
