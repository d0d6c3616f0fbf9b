"""The access log: lines removed, moved, changed, cut off or put back are noticed."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from estran.vault.audit import FIRST, Act, AuditEntry, digest, examine
from estran.vault.store import Row


def chain(n: int) -> tuple[dict[int, AuditEntry], bytes]:
    lines: dict[int, AuditEntry] = {}
    head = FIRST
    for number in range(1, n + 1):
        lines[number] = AuditEntry(number, number, Act.OPENED, "password", head)
        head = digest(lines[number])
    return lines, head


def test_a_whole_chain_holds_from_its_first_line():
    for n in (0, 1, 7):
        lines, head = chain(n)
        assert examine(lines, n, head).is_whole


def test_a_line_taken_away_is_named_and_what_came_after_still_holds():
    lines, head = chain(7)
    del lines[3]
    found = examine(lines, 7, head)
    assert (found.missing, found.unbroken_from, found.is_whole) == ((3,), 4, False)


def test_the_last_lines_cut_off_are_named():
    lines, head = chain(7)
    del lines[6], lines[7]
    found = examine(lines, 7, head)
    assert (found.missing, found.unbroken_from) == ((6, 7), 8)


def test_two_lines_exchanged_are_noticed():
    lines, head = chain(7)
    lines[3], lines[4] = lines[4], lines[3]
    assert examine(lines, 7, head).unbroken_from == 5
    lines, head = chain(7)
    lines[3], lines[4] = replace(lines[4], number=3), replace(lines[3], number=4)
    assert examine(lines, 7, head).unbroken_from == 5


def test_a_changed_line_and_one_too_many_are_noticed():
    lines, head = chain(7)
    lines[2] = replace(lines[2], why="")
    assert examine(lines, 7, head).unbroken_from == 3
    lines, head = chain(7)
    lines[8] = AuditEntry(8, 8, Act.OPENED, "", head)
    assert not examine(lines, 7, head).is_whole


def lines_of(bench, vault, n):
    for number in range(n):
        vault.audit(Act.WORKED, f"import {number}")
    return vault.log_head()


def changed(bench, change):
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        change(container, sorted(container.rows("audit"), key=lambda row: row.key))
        container.commit()


def test_a_log_as_it_was_left_is_told_so(bench, vault):
    assert vault.log(None).is_as_left
    head = lines_of(bench, vault, 3)
    found = vault.log(head)
    assert found.is_as_left
    assert [e.why for e in found.entries] == ["import 0", "import 1", "import 2"]
    vault.audit(Act.OPENED, "password")  # a head that lags behind is no alarm
    assert vault.log(head).is_as_left
    assert vault.log_follows(head)


def exchange(container, rows):
    one, two = rows[0], rows[1]
    container.put("audit", Row(one.key, b"", two.rev, b"", two.body))
    container.put("audit", Row(two.key, b"", one.rev, b"", one.body))


CHANGES = {
    "first removed": lambda container, rows: container.delete("audit", rows[0].key),
    "last removed": lambda container, rows: container.delete("audit", rows[-1].key),
    "all removed": lambda container, rows: [container.delete("audit", r.key) for r in rows],
    "exchanged": exchange,
    "altered": lambda container, rows: container.put(
        "audit", replace(rows[1], body=rows[1].body[:-1] + b"\0")
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_rows_that_somebody_changes_are_noticed_and_the_rest_is_read(bench, vault, change):
    head = lines_of(bench, vault, 3)
    changed(bench, change)
    found = vault.log(head)
    assert not found.is_as_left
    assert len(found.entries) < 3


def test_an_older_copy_of_the_vault_is_noticed(bench, vault, tmp_path):
    lines_of(bench, vault, 2)
    shutil.copy(bench.path, tmp_path / "last week")
    head = lines_of(bench, vault, 3)
    shutil.copy(tmp_path / "last week", bench.path)
    found = vault.log(head)
    assert found.examined.is_whole  # inside, nothing shows
    assert (found.n_taken, found.is_as_left) == (3, False)
    lines_of(bench, vault, 4)  # more lines than there were
    assert not vault.log(head).is_as_left
    assert not vault.log_follows(head)


def test_a_head_of_another_key_says_nothing(bench, vault):
    lines_of(bench, vault, 1)
    found = vault.log(b"no head at all")
    assert found.n_taken is None
    assert found.is_as_left
