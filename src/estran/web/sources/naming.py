"""Sources, reasons and gaps in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from django.utils.translation import gettext as _

from estran.trace import Stream
from estran.web.live.catalogue import name_of as app_name
from estran.web.live.documents import DeviceNotes
from estran.web.me.wordings import FORMAT_NAMES
from estran.web.sources.documents import SourceFacts
from estran.wording import N_

LIVE = "live/"
"""How the key of a connected phone begins; its id follows."""

STREAMS: Mapping[Stream, str] = {
    Stream.RECORDED: N_("recorded positions"),
    Stream.RAW: N_("raw positions of a provider"),
    Stream.PATH: N_("a thinned path"),
    Stream.WAYPOINTS: N_("points on the way, without times of their own"),
    Stream.DECLARED: N_("visits and trips as they were declared"),
}
"""How a source knows."""

WHY: Mapping[str, str] = {
    "moves": N_("it lay still while the other moved"),
    "order": N_("you prefer the other"),
    "stream": N_("it records less directly"),
    "density": N_("it has fewer points"),
    "finer": N_("it is less accurate"),
    "tie": N_("both are as good, and one is enough"),
}
"""Why a source was not used where another covered the same time."""


def ref_of(vault_id: str, key: str) -> str:
    """Name a source in an address: a key may hold the name of a phone."""
    return blake2b(key.encode(), key=vault_id.encode()[:64], digest_size=8).hexdigest()


def name_of(source: SourceFacts, notes: Mapping[str, DeviceNotes]) -> str:
    """Call a source by its kind, and its device where there is one."""
    if source.key.startswith(LIVE):
        known = notes.get(source.key.removeprefix(LIVE))
        if known is not None and (known.name or known.app):
            return known.name or str(app_name(known.app))
        return _("A phone that was connected")
    kind = kind_of(source.format)
    return f"{kind} · {source.device}" if source.device else kind


def kind_of(key: str) -> str:
    """Call a format as people do; one that has no name yet by its key, in letters of a name.

    Examples
    --------
    >>> kind_of("tcx"), kind_of("some-log")
    ('TCX', 'Some log')
    """
    told = FORMAT_NAMES.get(key) or _KEYS.get(key)
    if told:
        return _(told)
    words = key.replace("-", " ")
    return words.upper() if len(words) <= 4 else words[:1].upper() + words[1:]  # noqa: PLR2004 - FIT, NMEA


_KEYS: Mapping[str, str] = {
    "csv-positions": "CSV",
    "e-mission": "e-mission",
    "google-edits": N_("Google Timeline edits"),
    "cozy": "Cozy",
}
"""Keys of sources whose reports go by another key."""


def stream_of(source: SourceFacts) -> str:
    """Say how a source knows."""
    return _(STREAMS[Stream(source.stream)])


def why_of(code: str) -> str:
    """Say why a source was not used."""
    return _(WHY.get(code, WHY["tie"]))
