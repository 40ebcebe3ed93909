"""Instances in XML -> responses: one in a file, or many."""

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree

from collector.errors import CollectorError
from collector.importing import layouts
from collector.importing.contents import Part
from collector.importing.documents import (
    Form,
    Ids,
    Incoming,
    Sending,
    as_text,
    make_document,
    media_of,
    named_files,
    times_of,
)
from collector.importing.table_source import Orphans, TableView
from collector.questionnaires.instances import MAX_INSTANCE_BYTES, FormInstance, answers_of, read_instance
from collector.questionnaires.xml_names import local_name, parse

#: Bytes of a file with many instances.
MAX_MANY_BYTES = 64 * 1024 * 1024
#: Bytes of an instance that its response keeps as it came; a longer one would leave no room for its answers.
MAX_KEPT_BYTES = 300_000
#: Roots of files with many instances, and of what lies beside instances: the form itself.
MANY, FORM = ("root", "results", "submissions", "data_list"), "html"


class InstanceSource:
    """The responses of files with instances."""

    code = layouts.XML

    def __init__(self, form: Form, model: dict[str, object], parts: Sequence[Part]) -> None:
        self.form = form
        self.model = model
        self.parts = parts
        #: Instances of forms with another id, by that id.
        self.other_forms: Counter[str] = Counter()
        #: Files that are no instances, with the code of the error that says why.
        self.unreadable: list[tuple[str, CollectorError]] = []

    def views(self) -> list[TableView]:
        """There are no tables."""
        return []

    def without_column(self) -> list[str]:
        """An instance lacks what was not answered; nothing can be said of questions."""
        return []

    def orphans(self) -> list[Orphans]:
        """An instance holds its rows itself."""
        return []

    def incoming(self) -> Iterator[Incoming]:
        """The responses in the order of the files."""
        number, ids = 0, Ids(self.form.form_id)
        self.other_forms, self.unreadable = Counter(), []
        for part in self.parts:
            for xml in self._instances(part):
                try:
                    instance = read_instance(xml)
                    if instance.is_encrypted:
                        raise CollectorError("import_encrypted")
                except CollectorError as error:
                    self.unreadable.append((part.path, error))
                    continue
                number += 1
                yield self._incoming(number, instance, xml, part, ids)

    def _instances(self, part: Part) -> Iterator[bytes]:
        """The bytes of each instance in a file."""
        try:
            with part.open() as file:
                content = file.read(MAX_MANY_BYTES + 1)
        except Exception:
            # BadZipFile, zlib.error, EOFError and others.
            self.unreadable.append((part.path, CollectorError("import_archive_damaged", name=part.name[:100])))
            return
        try:
            root = parse(content) if len(content) <= MAX_MANY_BYTES else None
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is not None and local_name(root) == FORM:
            return
        if root is None or local_name(root) not in MANY or root.get("id"):
            yield content[: MAX_INSTANCE_BYTES + 1]
            return
        outer = next((child for child in root if local_name(child) in MANY and not child.get("id")), root)
        for child in outer:
            if isinstance(child.tag, str) and (child.get("id") or len(child)):
                yield etree.tostring(child, encoding="UTF-8", with_tail=False)

    def _incoming(self, number: int, instance: FormInstance, xml: bytes, part: Part, ids: Ids) -> Incoming:
        if instance.form_id != self.form.form_id:
            self.other_forms[instance.form_id[:100]] += 1
        answers = answers_of(instance, self.model)
        started, finished, name = times_of(self.form.questions, answers)
        sending = Sending(
            given_id=instance.instance_id,
            instance_id=instance.instance_id[:255],
            version=instance.version,
            started_at=started,
            finished_at=finished,
            submitted_at=instance.root.get("submissionDate", ""),
            instance_name=instance.instance_name or name,
        )
        media = list(media_of(answers, self.form.questions))
        more = {"xml": xml.decode("utf-8", "replace")} if len(xml) <= MAX_KEPT_BYTES else {}
        if instance.deprecated_id:
            more["deprecated_id"] = instance.deprecated_id
        document = make_document(self.form, self.code, answers, sending, media, **more)
        id_ = ids.of(document, sending)
        files = named_files(media)
        return Incoming(number, id_, as_text(id_, document), sending.instance_id, files, part.folder)
