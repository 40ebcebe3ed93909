"""How large the directory of a .zip is, told from its last bytes, before anything reads it.

A reader makes an object of every entry: half a million of them fit 23 MB, and take 15 seconds and 180 MB to read.
Source: APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16, as `zipfile` of the standard library follows it.
"""

import struct
from typing import IO

#: Bytes of the directory of an archive that somebody uploads: 5,000 entries with names of 150 bytes. A questionnaire has 500 files.
MAX_DIRECTORY_BYTES = 1_000_000

END, LOCATOR, END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
END_BYTES, LOCATOR_BYTES, END_64_BYTES = 22, 20, 56
MAX_COMMENT_BYTES = 65_535


def has_large_directory(archive: IO[bytes], limit_bytes: int = MAX_DIRECTORY_BYTES) -> bool:
    """Tell whether the directory of an archive is larger than that. What is no archive has none. Leaves the file at its beginning."""
    size_bytes = directory_bytes(archive)
    archive.seek(0)
    return size_bytes > limit_bytes


def directory_bytes(archive: IO[bytes]) -> int:
    """Bytes of the directory, as the end of the archive says and its reader believes."""
    length = archive.seek(0, 2)
    tail_at = max(0, length - MAX_COMMENT_BYTES - END_BYTES - LOCATOR_BYTES - END_64_BYTES)
    archive.seek(tail_at)
    tail = archive.read()
    end = len(tail) - END_BYTES
    # An end without a comment comes first, whatever its own numbers look like.
    if end < 0 or tail[end : end + 4] != END or tail[-2:] != b"\0\0":
        end = tail.rfind(END)
    if end < 0 or end + END_BYTES > len(tail):
        return 0
    (size_bytes,) = struct.unpack_from("<I", tail, end + 12)
    end_64 = end - LOCATOR_BYTES - END_64_BYTES
    is_64 = tail[end - LOCATOR_BYTES : end - LOCATOR_BYTES + 4] == LOCATOR if end >= LOCATOR_BYTES else False
    if is_64 and end_64 >= 0 and tail[end_64 : end_64 + 4] == END_64:
        (size_bytes,) = struct.unpack_from("<Q", tail, end_64 + 40)
    return int(size_bytes)
