"""Reports of imports, put into words."""

from __future__ import annotations

from estran.cli.speech import _
from estran.formats.reading import FileReport
from estran.wording import FAULTS, OTHER_FILES, REFUSALS, say


def refusal_sentence(report: FileReport) -> str:
    """Say why a file was refused, and which one to bring instead when that is known."""
    if report.refused is None:
        return ""
    params = dict(report.refused_params)
    sentence = say(REFUSALS, report.refused.code, params, _)
    kind = str(params.get("kind", ""))
    return f"{sentence} {say(OTHER_FILES, kind, params, _)}" if kind in OTHER_FILES else sentence


def without_positions(name: str) -> str:
    """Say that a file was read and holds nothing that makes a journal."""
    return say(REFUSALS, "file-without-positions", {"file": name}, _)


def fault_sentences(report: FileReport) -> list[str]:
    """Say what was wrong in a file that was read: how often, and where first."""
    sentences = []
    for fault in report.faults:
        sentence = say(FAULTS, fault.code, {}, _)
        first = _(", first at {where}").format(where=fault.where) if fault.where else ""
        if first:
            sentence = sentence.removesuffix(".")
        sentences.append(f"{fault.count} × {sentence}{first}")
    return sentences
