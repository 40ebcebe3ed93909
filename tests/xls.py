"""Old Excel workbooks (.xls), written by hand: BIFF8 records in a compound file ([MS-XLS] 2.4, [MS-CFB] 2.2 to 2.6)."""

import struct

_SECTOR = 512
#: A stream shorter than this would go into the mini stream.
_SMALLEST_STREAM = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_GLOBALS, _WORKSHEET = 0x0005, 0x0010


def make_xls(sheets: dict[str, list[list[str]]]) -> bytes:
    """The bytes of an .xls with these sheets of text cells; empty ones are left out."""
    parts = [_worksheet(rows) for rows in sheets.values()]
    names = [_string(name, 1) for name in sheets]
    at = len(_record(0x0809, _bof(_GLOBALS))) + sum(4 + 6 + len(name) for name in names) + 4
    globals_ = _record(0x0809, _bof(_GLOBALS))
    for name, part in zip(names, parts, strict=True):
        globals_ += _record(0x0085, struct.pack("<IH", at, 0) + name)
        at += len(part)
    return _compound(globals_ + _record(0x000A, b"") + b"".join(parts))


def _worksheet(rows: list[list[str]]) -> bytes:
    cells = b"".join(
        _record(0x0204, struct.pack("<HHH", y, x, 0) + _string(text, 2))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    )
    return _record(0x0809, _bof(_WORKSHEET)) + cells + _record(0x000A, b"")


def _bof(kind: int) -> bytes:
    return struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _string(text: str, length_bytes: int) -> bytes:
    return len(text).to_bytes(length_bytes, "little") + b"\1" + text.encode("utf-16-le")


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, Workbook: sector 0 is its table of sectors, 1 its directory."""
    stream = stream.ljust(_SMALLEST_STREAM, b"\0")
    stream += b"\0" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    assert count + 2 <= _SECTOR // 4, "one table of sectors holds 128"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, _SMALLEST_STREAM, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, count + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream)) + bytes(256)
    return header + table + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
