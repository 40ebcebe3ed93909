"""The dictionary of a system file: the header and all records in front of the cases.

Source: PSPP developer's guide, "System File Format", from "File Header Record" to "Dictionary Termination Record".
"""

import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from collector.export.writers.statistics.cut import as_bytes, cut_bytes

#: A value, a number or a text, and its label in UTF-8.
Label = tuple[float | bytes, bytes]

PRODUCT = b"@(#) SPSS DATA FILE Collector"
#: The same in each file, so that two files of the same data are the same.
CREATED = b"01 Jan 7000:00:00"
BIAS = 100.0
SYSMIS, HIGHEST = -sys.float_info.max, sys.float_info.max
#: The second lowest number: SYSMIS is the lowest.
LOWEST = struct.unpack("<d", bytes.fromhex("feffffffffffefff"))[0]
UTF_8_CODE_PAGE = 65001
#: Texts up to here are one segment; each segment of longer ones stands for 252 bytes and holds 255 ("Very Long String Record").
SEGMENT, SEGMENT_STEP = 255, 252
LEFT, RIGHT = 0, 1
#: Bytes of the longest text in a variable; what is longer goes on in a further one.
MOST_TEXT = 32_767


@dataclass(frozen=True)
class SavVariable:
    """A variable of the file.

    `column`: of the sheet; `width`: bytes of a text, 0 for a number; `shown`: format type, width and decimals; `missing`: numbers
    that stand for no answer; `measure`: nominal or scale; `part`: which piece of texts that are longer than a variable holds.
    """

    column: int
    name: str
    label: str
    width: int
    shown: tuple[int, int, int]
    labels: Sequence[Label]
    missing: tuple[int, ...]
    measure: int
    part: int = 0

    @property
    def segments(self) -> list[int]:
        """Widths of the narrower texts that it is stored as; of itself if it is no very long text."""
        if self.width <= SEGMENT:
            return [self.width]
        further = (self.width + SEGMENT_STEP - 1) // SEGMENT_STEP - 1
        return [SEGMENT] * further + [self.width - SEGMENT_STEP * further]


def octets(width: int) -> int:
    """Pieces of 8 bytes that a text of one segment, or a number (0), takes in a case."""
    return max(1, -(-width // 8))


def write_dictionary(file: IO[bytes], variables: Sequence[SavVariable], row_count: int, title: str) -> None:
    """Write all that stands in front of the cases."""
    case_size = sum(octets(width) for variable in variables for width in variable.segments)
    file.write(
        struct.pack(
            "<4s60s5id17s64s3x",
            b"$FL2",
            PRODUCT.ljust(60),
            2,
            case_size,
            1,
            0,
            row_count,
            BIAS,
            CREATED,
            as_bytes(cut_bytes(title, 64)).ljust(64),
        )
    )
    shorts: list[bytes] = []
    starts: list[int] = []
    index, count = 1, 0
    for variable in variables:
        starts.append(index)
        for number, width in enumerate(variable.segments):
            count += 1
            name = b"V%d" % count
            if number == 0:
                shorts.append(name)
            file.write(_variable_record(variable, name, width, is_first=number == 0))
            index += octets(width)
    for record in _value_labels(variables, starts):
        file.write(record)
    for record in _extensions(variables, shorts, row_count):
        file.write(record)
    file.write(struct.pack("<ii", 999, 0))


def _variable_record(variable: SavVariable, name: bytes, width: int, *, is_first: bool) -> bytes:
    """The record of a segment, and the dummy ones of its further octets."""
    kind, shown_width, decimals = variable.shown if width == variable.width else (1, width, 0)
    shown = kind << 16 | shown_width << 8 | decimals
    label = as_bytes(variable.label) if is_first else b""
    missing = variable.missing if is_first else ()
    record = struct.pack("<6i8s", 2, width, bool(label), len(missing), shown, shown, name.ljust(8))
    if label:
        record += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    record += struct.pack(f"<{len(missing)}d", *missing)
    dummy = struct.pack("<6i8s", 2, -1, 0, 0, 0x010101, 0x010101, b" " * 8)
    return record + dummy * (octets(width) - 1)


def _value_labels(variables: Sequence[SavVariable], starts: Sequence[int]) -> Iterator[bytes]:
    """Labels of numbers and of texts of 8 bytes at most."""
    for variable, start in zip(variables, starts, strict=True):
        if variable.labels and variable.width <= 8:
            record = [struct.pack("<ii", 3, len(variable.labels))]
            for value, label in variable.labels:
                record.append(value.ljust(8) if isinstance(value, bytes) else struct.pack("<d", value))
                # The label and the byte of its length fill octets.
                record.append(bytes([len(label)]) + label.ljust((len(label) // 8) * 8 + 7))
            yield b"".join(record) + struct.pack("<iii", 4, 1, start)


def _extensions(variables: Sequence[SavVariable], shorts: Sequence[bytes], row_count: int) -> Iterator[bytes]:
    """The records of type 7, by ascending subtype."""
    yield _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, UTF_8_CODE_PAGE))
    yield _extension(4, 8, struct.pack("<3d", SYSMIS, HIGHEST, LOWEST))
    shown = [
        struct.pack("<3i", variable.measure, min(max(8, width), 40), LEFT if width else RIGHT)
        for variable in variables
        for width in variable.segments
    ]
    if shown:
        yield _extension(11, 4, b"".join(shown))
        named = zip(shorts, variables, strict=True)
        yield _extension(13, 1, b"\t".join(short + b"=" + as_bytes(variable.name) for short, variable in named))
    long = [(short, variable) for short, variable in zip(shorts, variables, strict=True) if variable.width > SEGMENT]
    if long:
        yield _extension(14, 1, b"".join(short + b"=%05d\0\t" % variable.width for short, variable in long))
    yield _extension(16, 8, struct.pack("<2q", 1, row_count))
    yield _extension(20, 1, b"UTF-8")
    labelled = [_long_text_labels(variable) for variable in variables if variable.labels and variable.width > 8]
    if labelled:
        yield _extension(21, 1, b"".join(labelled))


def _extension(subtype: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, subtype, size, len(content) // size) + content


def _long_text_labels(variable: SavVariable) -> bytes:
    """Labels of texts longer than 8 bytes ("Long String Value Labels Record")."""
    name = as_bytes(variable.name)
    parts = [struct.pack("<i", len(name)), name, struct.pack("<ii", variable.width, len(variable.labels))]
    for value, label in variable.labels:
        assert isinstance(value, bytes)
        parts += [struct.pack("<i", variable.width), value.ljust(variable.width)]
        parts += [struct.pack("<i", len(label)), label]
    return b"".join(parts)
