"""The readable text of a mail, or of a page that was pasted; nothing in it is fetched."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from estran.errors import FileEmpty, FileTooLarge, MessageUnreadable
from estran.formats.csv_positions.dialect import encoding_of

MOST_BYTES = 8 << 20
MOST_TEXT = 200_000
_MOST_PARTS = 60
_HEADER = re.compile(rb"(?im)^(from|received|mime-version|subject|message-id|return-path|date):")
_TAGS = re.compile(r"(?i)<(html|body|table|div|td|p|br)\b")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "section"})
_UNSEEN = frozenset({"style", "script", "head", "title"})


def text_of(content: bytes, name: str) -> tuple[str, list[bytes]]:
    """Give the text of a mail or of a text file, and the calendars that came with it.

    Attachments of other kinds are not looked at.

    Raises
    ------
    FileEmpty, FileTooLarge, MessageUnreadable
    """
    if not content.strip():
        raise FileEmpty(file=name)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=name, limit_mib=MOST_BYTES >> 20)
    if content.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        return "", [content]
    if _HEADER.search(content[:4096]) and b"\n" in content:
        return _of_mail(content)
    if content[:4] in {b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"} or b"\0" in content[:1024]:
        raise MessageUnreadable(file=name)
    text = content.decode(encoding_of(content[:65536]), errors="replace")
    return plain(text)[:MOST_TEXT], []


def _of_mail(content: bytes) -> tuple[str, list[bytes]]:
    message = email.message_from_bytes(content, policy=default)
    texts: list[str] = []
    pages: list[str] = []
    calendars: list[bytes] = []
    for rank, part in enumerate(message.walk()):
        if rank > _MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind == "text/calendar" or str(part.get_filename() or "").lower().endswith(".ics"):
            payload = part.get_payload(decode=True)
            calendars += [payload] if isinstance(payload, bytes) else []
        elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
            (texts if kind == "text/plain" else pages).append(_decoded(part))
    subject = str(message.get("subject", ""))[:300]
    text = "\n".join([subject, *texts, *(plain(page) for page in pages)])
    return text[:MOST_TEXT], calendars


def _decoded(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return payload.decode("utf-8", errors="replace")


class _Text(HTMLParser):
    """The text of a page, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._n_unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        if tag in _UNSEEN:
            self._n_unseen += 1
        self.pieces.append("\n" if tag in _BLOCKS else " " if tag in {"td", "th"} else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._n_unseen = max(self._n_unseen - 1, 0)
        self.pieces.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._n_unseen:
            self.pieces.append(" ".join(data.split()) + " " if data.strip() else " ")


def plain(text: str) -> str:
    r"""Give the text of a page; a text is given back.

    Examples
    --------
    >>> plain("<p>Départ&nbsp;: <b>Niort</b></p><p>8h05</p>").split("\n")
    ['Départ : Niort', '8h05']
    """
    if _TAGS.search(text):
        reader = _Text()
        reader.feed(text[: 4 * MOST_TEXT])
        text = "".join(reader.pieces)
    lines = (" ".join(line.split()) for line in text.replace("\xa0", " ").splitlines())
    return "\n".join(line for line in lines if line)
