from __future__ import annotations

import codecs
import io
import tracemalloc
from collections import deque
from typing import Any

import pytest

from estran.errors import FileEmpty, FileHostile
from estran.formats.xml_stream import XmlLimits, XmlStream, root_name


def texts_of(data: bytes, *, limits: XmlLimits | None = None) -> tuple[list[str], str]:
    seen: list[str] = []
    xml = XmlStream(starts={}, ends={"t": seen.append}, leaves={}, limits=limits)
    for _ in xml.blocks(io.BytesIO(data)):
        pass
    return seen, xml.fault


class Endless(io.RawIOBase):
    """A head, then the same bytes over and over, without holding them."""

    def __init__(self, head: bytes, filling: bytes, n_bytes: int) -> None:
        self._head, self._filling, self._left = head, filling, n_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            piece, self._head = self._head, b""
        else:
            size = min(len(buffer), self._left)
            piece = self._filling * (size // len(self._filling))
            self._left -= size
        buffer[: len(piece)] = piece
        return len(piece)


def test_leaves_keep_the_first_text_and_strip_prefixes():
    xml = XmlStream(starts={}, ends={}, leaves={"speed": "speed"})
    data = b"<a xmlns:g='u'><g:speed>1</g:speed><h><g:speed>2</g:speed></h></a>"
    for _ in xml.blocks(io.BytesIO(data)):
        pass
    assert xml.fields == {"speed": "1"}


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "<r><t>é</t></r>".encode(),
        "\n  <?xml version='1.0' encoding='utf-8'?><r><t>é</t></r>".encode(),
        codecs.BOM_UTF16_LE
        + "<?xml version='1.0' encoding='UTF-8'?><r><t>é</t></r>".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "<r><t>é</t></r>".encode("utf-16-be"),
        "<r><t>é</t></r>".encode("utf-16-le"),
        "<r><t>é</t></r>".encode("utf-16-be"),
        "<?xml version='1.0' encoding='ISO-8859-1'?><r><t>é</t></r>".encode("latin-1"),
        "<?xml version='1.0' encoding='windows-1252'?><r><t>é</t></r>".encode("cp1252"),
        "<?xml version='1.0' encoding='no-such-code'?><r><t>é</t></r>".encode(),
        "<?xml version='1.0' encoding='utf-7'?><r><t>é</t></r>".encode(),
    ],
)
def test_any_usual_encoding_is_read(data):
    assert texts_of(data) == (["é"], "")


def test_a_wrong_byte_in_a_title_does_not_lose_the_file():
    assert texts_of(b"<r><n>caf\xe9</n><t>1</t></r>") == (["1"], "")


def test_bare_ampersands_foreign_entities_and_controls_do_not_lose_the_file():
    data = b"<r><n>A & B&nbsp;&eacute;</n><t>1 &amp; 2</t><n>\x0b\x01</n><t>&#50;</t></r>"
    assert texts_of(data) == (["1 & 2", "2"], "")


def test_an_ampersand_on_the_edge_of_a_block_is_mended_too():
    for shift in range(20):
        filling = b"x" * (65_536 - 10 + shift)
        assert texts_of(b"<r><n>" + filling + b" &amp; & C</n><t>1</t></r>") == (["1"], "")


def test_what_stands_before_the_end_of_a_truncated_document_is_read():
    assert texts_of(b"<r><t>1</t><t>2</t><t>3") == (["1", "2"], "truncated")


def test_what_stands_before_a_break_is_read():
    assert texts_of(b"<r><t>1</t></q><t>2</t></r>") == (["1"], "broken")


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE r><r/>",
        b"<!DOCTYPE r [<!ENTITY a 'b'>]><r><t>&a;</t></r>",
        b"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
        b"<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://localhost/x'> %x;]><r/>",
    ],
)
def test_document_types_and_entities_are_hostile(data):
    with pytest.raises(FileHostile):
        texts_of(data)


@pytest.mark.parametrize("data", [b"", b"  \n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_blanks_are_an_empty_file(data):
    with pytest.raises(FileEmpty):
        texts_of(data)


@pytest.mark.parametrize(
    ("head", "filling"),
    [
        (b"", b" "),
        (b"<a>", b" "),
        (b"<a>", b"text"),
        (b"<a>", b"<a>"),
        (b"<a b='", b"x"),
        (b"<a", b"a"),
        (b"<a><!--", b"x"),
        (b"<a><![CDATA[", b"x"),
        (b"<a><?p ", b"x"),
        (b"<?xml ", b" "),
    ],
)
def test_what_grows_without_end_is_hostile_and_memory_stays_bounded(head, filling):
    tracemalloc.start()
    try:
        stream = io.BufferedReader(Endless(head, filling, 10 << 30))
        blocks = XmlStream(starts={}, ends={}, leaves={}).blocks(stream)
        with pytest.raises(FileHostile):
            deque(blocks, maxlen=0)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_depth_is_bounded_and_reachable():
    deep = b"<a>" * 200 + b"<t>1</t>" + b"</a>" * 200
    assert texts_of(deep) == (["1"], "")
    with pytest.raises(FileHostile):
        texts_of(deep, limits=XmlLimits(depth=100))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<gpx>", "gpx"),
        (b"<?xml version='1.0'?>\n<!-- a > b -->\n<k:kml ", "kml"),
        ("<gpx/>".encode("utf-16"), "gpx"),
        (b"<!DOCTYPE gpx [<!ENTITY", "gpx"),
        (b"<?xml version='1.0'", ""),
        (b"{}", ""),
        (b"", ""),
        (bytes(range(256)), ""),
    ],
)
def test_the_root_is_told_from_a_cut_head(head, name):
    assert root_name(head) == name
