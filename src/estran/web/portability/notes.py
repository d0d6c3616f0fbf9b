"""What a passage is about: a sealed document of the vault."""

from __future__ import annotations

from dataclasses import dataclass, field

from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

PASSAGE = "passage"
EARLIER_LOG = "earlier-log"
"""Access logs of sites where the person was before, as they came in archives."""
EARLIER_CONSENT = "earlier-consent"
"""What the person agreed to on other sites: it allows nothing here."""
TOLD = "told-restored"
"""That the person was told of the restored backup that is its id."""

FORMS = ("estran", "gpx", "geojson", "csv-trips", "csv-positions", "parquet", "cozy")
"""Forms of an export."""

SUFFIXES = {
    "estran": ".estran", "gpx": ".gpx", "geojson": ".geojson", "csv-trips": "-trips.csv",
    "csv-positions": "-positions.csv", "parquet": "-positions.parquet",
    "cozy": "-cozy.json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notes:
    """What a passage is about.

    Parameters
    ----------
    form : str
        Of :data:`FORMS`.
    first, last : str
        Local days, ISO, ``""`` for all.
    lock_key, lock_header : bytes
        Of the passphrase that closes an export, or the key that opens an archive; removed
        when it is done.
    name : str
        Of the file that was brought.
    was_empty : int
        1 when the vault held nothing before, 0 when it did, -1 while nobody looked.
    host, address : str
        The other site, and the whole address there.
    other_key : bytes
        Public key of the person there.
    n_positions, n_known, n_corrections : int
        What came.
    """

    form: str = "estran"
    first: str = ""
    last: str = ""
    lock_key: bytes = field(default=b"", repr=False)
    lock_header: bytes = field(default=b"", repr=False)
    name: str = ""
    was_empty: int = -1
    host: str = ""
    address: str = field(default="", repr=False)
    other_key: bytes = field(default=b"", repr=False)
    n_positions: int = 0
    n_known: int = 0
    n_corrections: int = 0


def write_notes(vault: OpenVault, passage_id: object, notes: Notes) -> None:
    """Keep what a passage is about."""
    vault.put_doc(PASSAGE, str(passage_id), encode(notes))


def read_notes(vault: OpenVault, passage_id: object) -> Notes:
    """Read what a passage is about."""
    record = vault.get_doc(PASSAGE, str(passage_id))
    return Notes() if record is None else decode(record, Notes)
