"""Spreadsheets written by hand for the tests: as small as readers may meet them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in parts.items():
            held.writestr(name, content)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[str | float]], *, dates: frozenset[int] = frozenset()) -> bytes:
    """Texts in the table of texts, numbers as numbers; columns of ``dates`` in a date's style."""
    texts: list[str] = []
    lines = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, cell in enumerate(row):
            at = f"{chr(65 + c)}{r}"
            if isinstance(cell, str):
                texts.append(cell)
                cells.append(f'<c r="{at}" t="s"><v>{len(texts) - 1}</v></c>')
            else:
                cells.append(f'<c r="{at}" s="{1 if c in dates else 0}"><v>{cell}</v></c>')
        lines.append(f'<row r="{r}">{"".join(cells)}</row>')
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}"><workbookPr/></workbook>',
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="22"/></cellXfs></styleSheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>'
            f"{''.join(lines)}</sheetData></worksheet>",
        }
    )


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    lines = "".join(
        "<t:table-row>"
        + "".join(
            f'<t:table-cell o:value-type="string"><x:p>{escape(c)}</x:p></t:table-cell>'
            if c
            else "<t:table-cell/>"
            for c in row
        )
        + "</t:table-row>"
        for row in rows
    )
    content = (
        f'<o:document-content xmlns:o="{office}" xmlns:t="{table}" xmlns:x="{text}"><o:body>'
        f'<o:spreadsheet><t:table t:name="a">{lines}<t:table-row '
        't:number-rows-repeated="1048000"><t:table-cell t:number-columns-repeated="1024"/>'
        "</t:table-row></t:table></o:spreadsheet></o:body></o:document-content>"
    )
    return packed(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    )
