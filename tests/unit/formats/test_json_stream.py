"""The block splitter gives what a plain decoder gives, whatever the layout and the text."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.errors import FileHostile
from estran.formats import json_stream
from estran.formats.json_head import outline
from estran.formats.json_scan import structure
from estran.formats.json_stream import ROOT, records
from estran.formats.reading import Faults

ANY = msgspec.json.Decoder(list[Any])
TEXTS = st.text(alphabet='ab"\\{}[],:\n é', max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = st.lists(st.dictionaries(st.sampled_from(["first", "a", "b"]), VALUES), max_size=30)
LAYOUTS: list[dict[str, Any]] = [
    {"indent": 2},
    {"indent": 0},
    {"indent": "\t"},
    {"separators": (",", ":")},
    {},
    {"ensure_ascii": False},
]


def read(text: str | bytes, *keys: str) -> tuple[dict[str, list[Any]], list[str]]:
    if isinstance(text, str):
        text = text.encode()
    faults = Faults()
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for key, block in records(io.BytesIO(text), dict.fromkeys(keys, ANY), faults):
        found[key] += block
    return found, [fault.code for fault in faults.listed()]


@given(ELEMENTS, ELEMENTS, VALUES, st.sampled_from(LAYOUTS), st.sampled_from([16, 64, 1 << 20]))
@settings(deadline=None, max_examples=300)
def test_lists_of_an_object_are_whole(one, two, other, layout, block_bytes):
    whole = {"other": other, "one": one, "between": [other, [one]], "two": two, "last": other}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_BLOCK_BYTES", block_bytes)
        assert read(json.dumps(whole, **layout), "one", "two") == ({"one": one, "two": two}, [])


@given(ELEMENTS, st.sampled_from(LAYOUTS), st.sampled_from([16, 64, 1 << 20]))
@settings(deadline=None, max_examples=200)
def test_lists_and_lines_at_the_root_are_whole(elements, layout, block_bytes):
    lines = "\n".join(json.dumps(element, **layout) for element in elements)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_BLOCK_BYTES", block_bytes)
        assert read(json.dumps(elements, **layout), ROOT) == ({ROOT: elements}, [])
        assert read(lines, ROOT) == ({ROOT: elements}, [])


@given(st.lists(st.fixed_dictionaries({"first": TEXTS}), min_size=1), st.data())
@settings(deadline=None)
def test_a_cut_list_gives_a_beginning_of_it(elements, data):
    text = json.dumps({"one": elements})
    end = data.draw(st.integers(0, len(text) - 1))
    found, faults = read(text[:end], "one")
    assert found["one"] == elements[: len(found["one"])]
    assert faults == (["truncated"] if end else [])


def test_a_broken_record_costs_itself_only():
    text = '{"one": [{"a": 1}, {"a": }, {"a": 2}, {"a": tru}, 3, {"a": 3}]}'
    found, faults = read(text, "one")
    assert found["one"] == [{"a": 1}, {"a": 2}, 3, {"a": 3}]
    assert faults == ["record-broken"]


def test_the_cut_is_learnt_so_that_scanning_is_rare(monkeypatch):
    scanned: list[int] = []

    def counted(text: bytes):
        scanned.append(len(text))
        return structure(text)

    monkeypatch.setattr(json_stream, "structure", counted)
    monkeypatch.setattr(json_stream, "_BLOCK_BYTES", 1000)
    elements = [{"first": i, "nested": [{"x": i}, {"x": i}]} for i in range(5000)]
    for layout in LAYOUTS:
        text = json.dumps(elements, **layout)
        scanned.clear()
        assert read(text, ROOT)[0][ROOT] == elements
        assert sum(scanned) < len(text) / 10, layout


def test_depth_is_bounded():
    for text in ("[" * 200, '{"x": ' + '{"y":' * 200, '{"x": ' + "[" * 200):
        with pytest.raises(FileHostile):
            read(text, "one") if text[0] == "{" else read(text, ROOT)


def test_an_outline_survives_any_cut():
    text = json.dumps({"long": "x" * 500, "list": [{"a": {"b": 1}}], "last": 1}).encode()
    for end in range(len(text)):
        assert outline(text[:end]).paths <= outline(text).paths
    assert outline(text).has("long", "list[].a.b", "last")
