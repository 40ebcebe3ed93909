"""What a submission's request holds: the XML and the files beside it (OpenRosa 1.0 Form Submission API)."""

from flask import request
from werkzeug.datastructures import FileStorage

from collector.errors import CollectorError
from collector.openrosa.operations import Sent
from collector.questionnaires.instances import MAX_INSTANCE_BYTES

#: The part of the request that is the form itself.
XML_PART = "xml_submission_file"
#: Says that further requests with more files follow; a part without content of its own.
INCOMPLETE_PART = "*isIncomplete*"


def read_submission() -> tuple[bytes, list[Sent]]:
    """The XML and the files. Raises CollectorError `media_type`, `submission_without_xml`, `instance_too_large`."""
    if request.mimetype != "multipart/form-data":
        raise CollectorError("media_type")
    parts = [(name, part) for name, part in request.files.items(multi=True) if part.filename or name == XML_PART]
    xml = next((part.stream.read(MAX_INSTANCE_BYTES + 1) for name, part in parts if name == XML_PART), None)
    if xml is None:
        # A client may send it as a plain field, too.
        text = request.form.get(XML_PART)
        xml = None if text is None else text.encode()
    if not xml:
        raise CollectorError("submission_without_xml")
    return xml, [_sent(name, part) for name, part in parts if name not in (XML_PART, INCOMPLETE_PART)]


def _sent(name: str, part: FileStorage) -> Sent:
    """A file by the name that the answers give it: its file name, without any folder before it, else the part's name."""
    own = (part.filename or name).replace("\\", "/").rpartition("/")[2]
    return Sent(own or name, part.stream, part.mimetype)
