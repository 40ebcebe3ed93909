"""The parts of a Stata dataset in front of and behind its observations.

Source: Stata's help "dta", sections 5.1 to 5.9, 5.11 and 5.12.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from shutil import copyfileobj
from typing import IO

from collector.export.writers.statistics.cut import as_bytes

#: What a text in a block of its own ("strL") and a double are in the list of types; other texts are their widths.
LONG_TEXT_TYPE, DOUBLE_TYPE = 32_768, 65_526
#: The same in each file, so that two files of the same data are the same.
WRITTEN = b"01 Jan 1970 00:00"
#: Parts whose places the map tells, between the file's start and the map, and before its end and the end of the file.
MAPPED = (
    "variable_types", "varnames", "sortlist", "formats", "value_label_names", "variable_labels", "characteristics",
    "data", "strls", "value_labels",
)  # fmt: skip


@dataclass(frozen=True)
class DtaVariable:
    """A variable of the file.

    `shown`: the format in which Stata shows it; `width`: bytes of a text, None of one in a block of its own; `labels`: of whole
    numbers, in their order; `note`: what is written about it, "" for nothing.
    """

    name: str
    label: bytes
    shown: str
    is_number: bool = False
    width: int | None = None
    labels: tuple[tuple[int, bytes], ...] = ()
    note: bytes = b""

    @property
    def type(self) -> int:
        """Its number in the list of types."""
        if self.is_number:
            return DOUBLE_TYPE
        return LONG_TEXT_TYPE if self.width is None else self.width


class Parts:
    """Writes parts between their marks, and remembers where each began for the map."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._places: dict[str, int] = {}

    def begin(self, name: str) -> None:
        """Write the mark in front of a part."""
        self._places[name] = self.file.tell()
        self.file.write(f"<{name}>".encode())

    def end(self, name: str) -> None:
        """Write the mark behind a part."""
        self.file.write(f"</{name}>".encode())

    def write(self, name: str, content: bytes) -> None:
        """Write a part as a whole."""
        self.begin(name)
        self.file.write(content)
        self.end(name)

    def fill_map(self) -> None:
        """Write where each part is in place of the noughts that stood there until the end was known."""
        closing = self._places["stata_dta_end"]
        places = [0, self._places["map"], *(self._places[name] for name in MAPPED), closing, self.file.tell()]
        self.file.seek(self._places["map"] + len("<map>"))
        self.file.write(struct.pack("<14Q", *places))
        self.file.seek(0, 2)

    def close(self) -> None:
        """Write the mark of the file's end."""
        self._places["stata_dta_end"] = self.file.tell()
        self.end("stata_dta")
        self.fill_map()


def write_head(parts: Parts, variables: Sequence[DtaVariable], row_count: int, title: bytes) -> None:
    """Write all that stands in front of the observations."""
    parts.file.write(
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
        + b"<K>%b</K>" % struct.pack("<H", len(variables))
        + b"<N>%b</N>" % struct.pack("<Q", row_count)
        + b"<label>%b%b</label>" % (struct.pack("<H", len(title)), title)
        + b"<timestamp>%b%b</timestamp></header>" % (bytes([len(WRITTEN)]), WRITTEN)
    )
    parts.write("map", bytes(14 * 8))
    parts.write("variable_types", struct.pack(f"<{len(variables)}H", *(variable.type for variable in variables)))
    parts.write("varnames", b"".join(_field(as_bytes(variable.name), 129) for variable in variables))
    parts.write("sortlist", bytes(2 * (len(variables) + 1)))
    parts.write("formats", b"".join(_field(variable.shown.encode(), 57) for variable in variables))
    # A table of labels is named after its variable.
    parts.write(
        "value_label_names",
        b"".join(_field(as_bytes(variable.name) if variable.labels else b"", 129) for variable in variables),
    )
    parts.write("variable_labels", b"".join(_field(variable.label, 321) for variable in variables))
    parts.write("characteristics", b"".join(map(_note, variables)))


def write_tail(parts: Parts, variables: Sequence[DtaVariable], observations: IO[bytes], long_texts: IO[bytes]) -> None:
    """Write the observations, the long texts, and the labels of values."""
    for name, content in (("data", observations), ("strls", long_texts)):
        parts.begin(name)
        content.seek(0)
        copyfileobj(content, parts.file, 2**20)
        parts.end(name)
    parts.write("value_labels", b"".join(_label_table(variable) for variable in variables if variable.labels))
    parts.close()


def _field(content: bytes, size: int) -> bytes:
    """`content` with the zero byte that ends it, in a field of that size."""
    return content[: size - 1].ljust(size, b"\0")


def _note(variable: DtaVariable) -> bytes:
    """The variable's note as Stata keeps notes: the characteristic `note0` counts them."""
    if not variable.note:
        return b""
    entries = []
    for name, content in ((b"note0", b"1"), (b"note1", variable.note)):
        entry = _field(as_bytes(variable.name), 129) + _field(name, 129) + content + b"\0"
        entries.append(b"<ch>" + struct.pack("<I", len(entry)) + entry + b"</ch>")
    return b"".join(entries)


def _label_table(variable: DtaVariable) -> bytes:
    """The labels of a variable's values (section 5.12)."""
    texts = [label + b"\0" for _, label in variable.labels]
    starts = [0, *accumulate(len(text) for text in texts)]
    count = len(texts)
    table = struct.pack(
        f"<ii{count}i{count}i", count, starts[-1], *starts[:-1], *(value for value, _ in variable.labels)
    )
    table += b"".join(texts)
    name = _field(as_bytes(variable.name), 129) + bytes(3)
    return b"<lbl>" + struct.pack("<i", len(table)) + name + table + b"</lbl>"
