"""One export from beginning to end: what is wanted -> the walk -> a writer -> a file. For jobs and for the command line alike."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from collector.export.options import Options
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Dataset, Progress
from collector.export.sheets.spool import make_dataset


@dataclass(frozen=True)
class Wanted:
    """What somebody wants: responses to which questionnaire, which of them, how, in which time zone."""

    engine: Engine
    questionnaire_id: int
    options: Options
    selection: Selection
    time_zone: str


class Meter:
    """How far an export is: of `total` responses, each counts once when it is read and once when it is written."""

    def __init__(self, total: int, tell: Callable[[int, int], None]) -> None:
        self.total = total
        self.read = self.written = self.rows = 0
        self.tell = tell
        self.tell(0, total * 2)

    def on_read(self, number: int) -> None:
        """Further responses were read."""
        self.read += number
        self.tell(self.read, self.total * 2)

    def on_both(self, number: int) -> None:
        """Further responses were read and written at once."""
        self.on_read(number * 2)

    def on_rows(self, number: int) -> None:
        """Further rows were written, of `rows` in all."""
        self.written += number
        self.tell(self.total + self.total * self.written // max(self.rows, 1), self.total * 2)


@dataclass(frozen=True)
class Making:
    """An export that is being made: what is wanted, the folder for files, how far it is."""

    wanted: Wanted
    folder: Path
    meter: Meter


@dataclass(frozen=True)
class Written:
    """A file that was written, and what its name ends with."""

    path: Path
    suffix: str


Maker = Callable[[Making], Written]
Write = Callable[[Dataset, Path, Progress], None]


def from_dataset(
    write: Write, suffix: Callable[[Dataset], str], wanted: Callable[[Options], Options] = lambda options: options
) -> Maker:
    """A maker that gathers all tables first. `wanted`: what the format needs, whatever was chosen."""

    def make(making: Making) -> Written:
        it, path = making.wanted, making.folder / "file"
        with make_dataset(
            it.engine,
            it.questionnaire_id,
            wanted(it.options),
            it.selection,
            making.folder,
            making.meter.on_read,
            time_zone=it.time_zone,
        ) as dataset:
            making.meter.rows = sum(sheet.row_count for sheet in dataset.sheets)
            write(dataset, path, making.meter.on_rows)
            return Written(path, suffix(dataset))

    return make
