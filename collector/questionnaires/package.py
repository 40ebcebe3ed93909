"""A version's workbook and the files beside it in one .zip, which can be uploaded as it is."""

import tempfile
import zipfile
from shutil import copyfileobj
from typing import IO

from sqlalchemy.orm import Session

from collector.questionnaires.queries import files_of
from collector.questionnaires.served import open_content
from collector.store import Version

#: Bytes that are kept in memory; more goes to the disk.
IN_MEMORY = 4 * 1024 * 1024


def packed(session: Session, version: Version) -> IO[bytes]:
    """The .zip, open at its beginning; files that were never uploaded are not in it.

    Raises CollectorError `form_file_unknown` where the data folder lacks a file.
    """
    package = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        if version.workbook is not None:
            archive.writestr(version.workbook_name or f"{version.questionnaire.form_id}.xlsx", version.workbook)
        for file in files_of(session, version):
            if file.original_sha256:
                with open_content(file.original_sha256) as source, archive.open(file.name, "w") as target:
                    copyfileobj(source, target)
    package.seek(0)
    return package
