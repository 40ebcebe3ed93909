"""What somebody uploads: a workbook, files beside it, or a .zip with all of it, within limits and before anything reads it."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.list_files import LIST_ENDINGS
from collector.settings import MAX_FORM_FILES, MAX_FORM_FILES_BYTES, MAX_LIST_BYTES, MAX_MEDIA_BYTES, MAX_WORKBOOK_BYTES
from collector.zip_directory import has_large_directory

MEGABYTE = 1024 * 1024
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".json")
ZIP_MAGIC = b"PK\x03\x04"
#: A part that every .xlsx has and no archive of files.
WORKBOOK_PART = "[Content_Types].xml"
#: General purpose bit 11 of a zip entry: its name is UTF-8 (APPNOTE 4.4.4).
UTF8_NAME = 0x800


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was uploaded, with the files beside it by name."""

    name: str
    content: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)


def workbook_first(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files with the workbook before the others: the first that is named like one, else the first .zip, else the first of all."""

    def rank(file: tuple[str, bytes]) -> int:
        name = file[0].lower()
        return 0 if name.endswith(WORKBOOK_ENDINGS) else 1 if name.endswith(".zip") else 2

    return sorted(files, key=rank)


def read_upload(name: str, content: bytes, beside: Iterable[tuple[str, bytes]]) -> Workbook:
    """The workbook in `content`, itself or in a .zip, with the files of that .zip and those `beside`.

    Raises: WorkbookRefused.
    """
    if not is_archive(content):
        return Workbook(name, content, read_files(beside))
    packed = unpack(name, content)
    workbooks = [file for file in packed if file[0].lower().endswith(WORKBOOK_ENDINGS)]
    if len(workbooks) != 1:
        raise WorkbookRefused(Finding("archive_workbooks", {"file": name, "count": len(workbooks)}))
    files = [file for file in packed if file is not workbooks[0]]
    return Workbook(*workbooks[0], read_files([*files, *beside]))


def read_files(beside: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Files by their name without folders, archives among them unpacked. Raises: WorkbookRefused."""
    files: dict[str, bytes] = {}
    folded: set[str] = set()
    for name, content in _flat(beside):
        if name.casefold() in folded:
            raise WorkbookRefused(Finding("file_name_twice", {"file": name}))
        _check_size(name, content)
        folded.add(name.casefold())
        files[name] = content
        if len(files) > MAX_FORM_FILES:
            raise WorkbookRefused(Finding("files_too_many", {"limit": MAX_FORM_FILES}))
    if sum(map(len, files.values())) > MAX_FORM_FILES_BYTES:
        _refuse_all()
    return files


def is_archive(content: bytes) -> bool:
    """Whether this is a .zip that is no workbook."""
    if not content.startswith(ZIP_MAGIC):
        return False
    try:
        # An archive of so many files is one in any case; whoever unpacks it says that they are too many.
        if has_large_directory(io.BytesIO(content)):
            return True
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return WORKBOOK_PART not in archive.namelist()
    except Exception:
        # A damaged directory shows in many ways; the reader of workbooks says what is to be said of it.
        return False


def unpack(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """The files in a .zip, with their names without folders. Nothing is written anywhere. Raises: WorkbookRefused."""
    room = MAX_FORM_FILES_BYTES + MAX_WORKBOOK_BYTES
    files = []
    if has_large_directory(io.BytesIO(content)):
        raise WorkbookRefused(Finding("files_too_many", {"limit": MAX_FORM_FILES}))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
            if len(entries) > MAX_FORM_FILES + 1:
                raise WorkbookRefused(Finding("files_too_many", {"limit": MAX_FORM_FILES}))
            for entry in entries:
                # What an entry says of its size need not be true: no more is unpacked than there is room for.
                with archive.open(entry) as packed:
                    unpacked = packed.read(room + 1)
                room -= len(unpacked)
                if room < 0:
                    _refuse_all()
                files.append((_entry_name(entry), unpacked))
    except WorkbookRefused:
        raise
    except Exception as error:
        # BadZipFile, zlib.error, EOFError, RuntimeError (a password), NotImplementedError (a rare packing) and others.
        raise WorkbookRefused(Finding("archive_damaged", {"file": name})) from error
    return files


def _flat(beside: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    for name, content in beside:
        if is_archive(content):
            yield from unpack(name, content)
        else:
            yield base_name(name), content


def base_name(path: str) -> str:
    """The last part of a path, in whichever system's writing."""
    return PurePosixPath(path.replace("\\", "/")).name.replace("\0", "")


def _is_litter(path: str) -> bool:
    """Whether a system put it into the archive, not its owner: `__MACOSX/`, `.DS_Store`, `Thumbs.db`."""
    parts = path.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _entry_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & UTF8_NAME:
        return base_name(entry.filename)
    # Without the flag the bytes were read as code page 437, while Windows in China writes its own code page.
    raw = entry.filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return base_name(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return base_name(entry.filename)


def _check_size(name: str, content: bytes) -> None:
    limit = MAX_LIST_BYTES if name.lower().endswith(LIST_ENDINGS) else MAX_MEDIA_BYTES
    if len(content) > limit:
        params = {"file": name, "limit_mb": limit // MEGABYTE}
        raise WorkbookRefused(Finding("file_beside_too_large", params))


def _refuse_all() -> None:
    raise WorkbookRefused(Finding("files_too_large", {"limit_mb": MAX_FORM_FILES_BYTES // MEGABYTE}))
