"""A workbook with the files that its form names, from wherever they are: the upload, an earlier version, the folder beside it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.uploads import Workbook
from collector.store import Questionnaire, Version, VersionFile
from collector.store.contents import FORM_FILES, contents
from collector.store.questionnaires import DRAFT

#: Gives those files that it has among the wanted ones: `find(form_id, names)`.
Find = Callable[[str, list[str]], Mapping[str, bytes]]


def compile_with(workbook: Workbook, find: Find) -> tuple[Compiled, Workbook]:
    """Compile a workbook; files that its form names and that are not with it are asked of `find`.

    Gives the workbook with what was found. What is only in the way of `find`, and not named, never comes in.
    """
    compiled = compile_workbook(workbook.content, workbook.name, workbook.files)
    missing = [file.name for file in compiled.files if file.is_missing]
    found = find(compiled.form_id, missing) if missing else {}
    if not found:
        return compiled, workbook
    whole = replace(workbook, files={**workbook.files, **found})
    return compile_workbook(whole.content, whole.name, whole.files), whole


def kept_files(session: Session) -> Find:
    """Finds files with the newest version of the same questionnaire: a mended workbook need not come with all of its pictures again."""

    def find(form_id: str, names: list[str]) -> Mapping[str, bytes]:
        questionnaire = session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
        if questionnaire is None:
            return {}
        drafts = (version.id for version in questionnaire.versions if version.state == DRAFT)
        newest = next(drafts, questionnaire.current_version_id)
        return originals(session, newest, names) if newest else {}

    return find


def originals(session: Session, version_id: int, names: Iterable[str] | None = None) -> dict[str, bytes]:
    """Files of a version as they were uploaded, by name: those in `names`, or all that are there."""
    query = select(VersionFile).where(VersionFile.version_id == version_id, VersionFile.original_sha256.is_not(None))
    wanted = None if names is None else set(names)
    found = {}
    for file in session.scalars(query):
        if wanted is None or file.name in wanted:
            with contents().open(FORM_FILES, file.original_sha256 or "") as content:
                found[file.name] = content.read()
    return found


def with_files(session: Session, version: Version, added: Mapping[str, bytes]) -> Workbook:
    """The workbook of a version with its files, those in `added` in place of others of the same name."""
    taken = {name.casefold() for name in added}
    kept = {name: file for name, file in originals(session, version.id).items() if name.casefold() not in taken}
    return Workbook(version.workbook_name, version.workbook or b"", {**kept, **added})


def beside_path(path: Path) -> Find:
    """Finds files in the folder of the workbook at `path` and in `<its name>-media/` there, which comes first."""

    def find(_form_id: str, names: list[str]) -> Mapping[str, bytes]:
        folders = (path.with_name(f"{path.stem}-media"), path.parent)
        found = {}
        for name in names:
            # A form names files, not places: nothing outside of these folders is read.
            if Path(name).name != name:
                continue
            file = next((folder / name for folder in folders if (folder / name).is_file()), None)
            if file is not None:
                found[name] = file.read_bytes()
        return found

    return find


def check_file(path: Path, language: str = "en") -> dict[str, Any]:
    """What `form check --json` prints for one file, with messages in `language` ("zh" or "en").

    Shape: {"file", "ok", "errors": [{"sheet", "row", "column", "message"}], "warnings": [the same]}.
    Raises: OSError where the file cannot be read.
    """
    compiled, _ = compile_with(Workbook(path.name, path.read_bytes()), beside_path(path))
    return {
        "file": str(path),
        "ok": not compiled.errors,
        "errors": [finding.as_dict(language) for finding in compiled.errors],
        "warnings": [finding.as_dict(language) for finding in compiled.warnings],
    }
