"""The formats that Estran reads, in the order in which they are asked."""

from __future__ import annotations

from estran.formats import emission, google_records
from estran.formats.reading import Format

FORMATS: tuple[Format, ...] = (google_records.FORMAT, emission.FORMAT)
"""Each sniffer answers by structure only, so that the order matters little; those whose
marks are the surest come first."""
