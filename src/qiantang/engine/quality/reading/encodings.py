"""Which encoding a text is in, found by strict decoding of the whole of it.

Incremental decoders are used, so that a buffer cut inside a character never misleads. UTF-8 is
believed when the whole text decodes; GB18030 and Big5 accept each other's bytes, so the share of
everyday characters decides between them.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qiantang.engine.quality.reading.errors import EncodingBroken
from qiantang.engine.quality.reading.files import CHUNK, SentFile
from qiantang.engine.quality.reading.plausible import is_odd, likely_encoding, other_script
from qiantang.kernel.places import Place

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
_BEFORE: Final = 65_536
_SURE: Final = 8
"""So many characters beyond ASCII that decode as UTF-8 are no accident."""
_ALIASES: Final = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "utf-16": "utf-16-le",
}


@dataclass(frozen=True, slots=True)
class Break:
    """Where a text stops being an encoding: byte offset from 0, line and character in it from 1,
    the bytes there."""

    offset: int
    line: int
    found: bytes
    beyond_ascii: int
    at: int = 0


def canonical(encoding: str) -> str:
    """The reader's name of an encoding: gbk and gb2312 are read as gb18030."""
    name = encoding.strip().lower().replace("_", "-")
    return _ALIASES.get(name, name)


def sniff(sent: SentFile) -> str:
    """The encoding of the whole text. Raises `EncodingBroken` with line and byte offset."""
    with sent.open() as file:
        head = file.read(CHUNK)
    marked = _marked(head)
    if marked:
        require(sent, marked)
        return marked
    broken = first_break(sent, "utf-8")
    if broken is None:
        return "utf-8"
    if broken.beyond_ascii >= _SURE or _nearly_utf8(around(sent, broken.offset)):
        raise _error(sent, "utf-8", broken)
    return _chinese(sent, broken)


def doubtful(sent: SentFile) -> tuple[str, str] | None:
    """What text taken for GB18030 looks like where it cannot be that, and the encoding that it
    may be in ("" where that is not known either); None where it is plain text."""
    start = first_break(sent, "ascii")
    if start is None:
        return None
    data = around(sent, start.offset)
    text = data.decode("gb18030", "ignore")
    script = other_script(text)
    if not script and not is_odd(text):
        return None
    shown = "".join(c for c in text if c > "\x7f" and c.isprintable())[:12]
    return shown, script or likely_encoding(data)


def _nearly_utf8(data: bytes) -> bool:
    """Whether text that is not UTF-8 was meant as such: it has more characters of three bytes in
    this form, which other encodings have hardly ever by chance, than places that break it."""
    text = data.decode("utf-8", "replace")
    wide = sum("\u0800" <= c != "\ufffd" for c in text)
    return 0 < text.count("\ufffd") <= wide


def around(sent: SentFile, offset: int) -> bytes:
    """Whole lines about a place: of the piece in which it stands, and the end of the last one."""
    before, at = b"", 0
    with sent.open() as file:
        while chunk := file.read(CHUNK):
            at += len(chunk)
            if at > offset:
                end = chunk.rfind(b"\n") + 1
                return before + (chunk[:end] if end > offset - at + len(chunk) else chunk)
            before = chunk[chunk.rfind(b"\n", 0, -_BEFORE) + 1 :]
    return before


def require(sent: SentFile, encoding: str) -> None:
    """Raises `EncodingBroken` unless the whole text is in ``encoding``."""
    broken = first_break(sent, encoding)
    if broken is not None:
        raise _error(sent, encoding, broken)


def fits(sent: SentFile, encoding: str) -> bool:
    """Whether the whole text is in ``encoding``."""
    with sent.open() as file:
        head = file.read(CHUNK)
    marked = _marked(head)
    if marked:
        return marked == encoding and first_break(sent, encoding) is None
    return first_break(sent, encoding) is None


def first_break(sent: SentFile, encoding: str) -> Break | None:
    """The first place that is not ``encoding``; None when the whole text decodes."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = lines = beyond = column = 0
    with sent.open() as file:
        while True:
            chunk = file.read(CHUNK)
            held = decoder.getstate()[0]
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                data = held + chunk
                good = data[: error.start].decode(encoding, "ignore")
                lines, beyond = lines + good.count("\n"), beyond + _others(good)
                found = data[error.start : error.start + 4]
                place = offset - len(held) + error.start
                return Break(place, lines + 1, found, beyond, _column(column, good) + 1)
            beyond = beyond if beyond >= _SURE else beyond + _others(text)
            lines, offset = lines + text.count("\n"), offset + len(chunk)
            column = _column(column, text)
            if not chunk:
                return None


def _column(before: int, text: str) -> int:
    """Characters of the last line, once ``text`` has followed ``before`` of them."""
    start = text.rfind("\n")
    return before + len(text) if start < 0 else len(text) - start - 1


def _others(text: str) -> int:
    """Characters beyond ASCII."""
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def text_chunks(sent: SentFile, encoding: str) -> Iterator[str]:
    """The text piece by piece, without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with sent.open() as file:
        first = True
        while True:
            chunk = file.read(CHUNK)
            text = _decoded(decoder, chunk, sent, encoding)
            if text:
                yield text.removeprefix("\ufeff") if first else text
                first = False
            if not chunk:
                return


def utf8_chunks(sent: SentFile, encoding: str, size: int = 4 * CHUNK) -> Iterator[bytes]:
    """The text as UTF-8 bytes piece by piece, without a byte order mark."""
    if encoding != "utf-8":
        yield from _joined((text.encode() for text in text_chunks(sent, encoding)), size)
        return
    yield from raw_chunks(sent, encoding, size)


def _joined(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of at least ``size``, but for the last."""
    held: list[bytes] = []
    for piece in pieces:
        held.append(piece)
        if sum(map(len, held)) >= size:
            yield b"".join(held)
            held = []
    if held:
        yield b"".join(held)


def raw_chunks(sent: SentFile, encoding: str, size: int) -> Iterator[bytes]:
    """The bytes as they were sent, piece by piece, without a byte order mark."""
    with sent.open() as file:
        chunk = file.read(size).removeprefix("\ufeff".encode(encoding, "ignore"))
        while chunk:
            yield chunk
            chunk = file.read(size)


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, sent: SentFile, encoding: str
) -> str:
    try:
        return decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        require(sent, encoding)
        raise EncodingBroken(
            offset=error.start,
            at=error.start + 1,
            found=error.object[error.start : error.start + 4].hex(" "),
            encoding=encoding.upper(),
            place=sent.place,
        ) from error


def _marked(head: bytes) -> str:
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    return _utf16_without_mark(head[:4096])


def _utf16_without_mark(head: bytes) -> str:
    """ASCII digits, commas and line ends have a zero byte on one side in UTF-16."""
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > pairs / 20 and odd > 4 * even:
        return "utf-16-le"
    if even > pairs / 20 and even > 4 * odd:
        return "utf-16-be"
    return ""


def _chinese(sent: SentFile, utf8: Break) -> str:
    broken = {name: first_break(sent, name) for name in ("gb18030", "big5")}
    good = [name for name, at in broken.items() if at is None]
    if not good:
        name = max(broken, key=lambda n: broken[n].offset)  # type: ignore[union-attr]
        furthest = broken[name]
        assert furthest is not None
        if utf8.offset > furthest.offset:
            name, furthest = "utf-8", utf8
        raise _error(sent, name, furthest)
    if len(good) == 1:
        return good[0]
    sample = around(sent, utf8.offset)
    if is_odd(sample.decode("gb18030", "ignore")) and not is_odd(sample.decode("big5", "ignore")):
        return "big5"
    return "big5" if _everyday(sample, "big5") > _everyday(sample, "gb18030") + 0.15 else "gb18030"


def _everyday(sample: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that are everyday ones of the encoding."""
    rare, low, high = ("gb2312", 0xA1, 0xD7) if encoding == "gb18030" else ("big5", 0xA1, 0xC6)
    beyond = [c for c in sample.decode(encoding, "ignore") if c > "\x7f"][:20_000]
    if not beyond:
        return 0.0
    common = 0
    for char in beyond:
        code = char.encode(rare, "ignore")
        common += bool(code) and low <= code[0] <= high
    return common / len(beyond)


def _error(sent: SentFile, encoding: str, broken: Break) -> EncodingBroken:
    return EncodingBroken(
        offset=broken.offset,
        at=broken.at,
        found=broken.found.hex(" "),
        encoding=encoding.upper(),
        place=Place(file=sent.place.file, line=broken.line),
    )
