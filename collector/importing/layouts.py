"""The layouts of other servers' tables, told apart by their headers: which columns identify rows, join repeats, and tell of the sending.

Source: ODK Central, “Exporting Submissions to CSV”; KoboToolbox, “Exporting and downloading your data”; SurveyCTO, “Exporting data”.
"""

from collections.abc import Iterable
from dataclasses import dataclass

COLLECTOR, CENTRAL, SURVEYCTO, KOBO, PLAIN, XML = "collector", "central", "surveycto", "kobo", "plain", "xml"


@dataclass(frozen=True)
class Layout:
    """Headers of one server's tables, in the order in which they are preferred.

    `key`, `parent` and `index` join the rows of repeats; `told` are headers that say something of the sending and nothing of the
    answers, `told_starts` the beginnings of such headers.
    """

    code: str
    key: tuple[str, ...] = ()
    parent: str = ""
    index: str = ""
    parent_table: str = ""
    response: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    submitted: tuple[str, ...] = ()
    submitter: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    others: str = ""
    told: frozenset[str] = frozenset()
    told_starts: tuple[str, ...] = ()

    def is_told(self, header: str) -> bool:
        """Whether a header says something of the sending."""
        return header in self.told or bool(self.told_starts and header.startswith(self.told_starts))


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


INSTANCE_IDS = ("meta/instanceID", "meta-instanceID", "meta.instanceID", "meta:instanceID", "instanceID")

LAYOUTS = {
    layout.code: layout
    for layout in (
        Layout(
            COLLECTOR,
            key=("key",),
            parent="parent_key",
            index="index",
            response=("response_id",),
            version=("version",),
            started=("started_at",),
            finished=("finished_at",),
            place=("place_code",),
            submitter=("author",),
            others="other_answers",
            told=words(
                "response_id version revision state place_code place author started_at finished_at received_at_utc received_at flags"
                " missing_files parent_key key index other_answers is_test"
            ),
            told_starts=("received_at",),
        ),
        Layout(
            CENTRAL,
            key=("KEY",),
            parent="PARENT_KEY",
            response=("KEY", *INSTANCE_IDS),
            version=("FormVersion",),
            submitted=("SubmissionDate",),
            submitter=("SubmitterName",),
            told=words(
                "SubmissionDate KEY PARENT_KEY SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status ReviewState"
                " DeviceID Edits FormVersion isValidated"
            ),
            told_starts=("SET-OF-",),
        ),
        Layout(
            SURVEYCTO,
            key=("KEY",),
            parent="PARENT_KEY",
            response=("KEY", *INSTANCE_IDS),
            version=("formdef_version",),
            submitted=("CompletionDate", "SubmissionDate"),
            submitter=("username",),
            started=("starttime",),
            finished=("endtime", "CompletionDate"),
            told=words(
                "SubmissionDate CompletionDate starttime endtime username KEY PARENT_KEY formdef_version review_status"
                " review_quality review_comments review_corrections instanceID"
            ),
            told_starts=("SET-OF-", "SETOF"),
        ),
        Layout(
            KOBO,
            key=("_index",),
            parent="_parent_index",
            index="_index",
            parent_table="_parent_table_name",
            response=("meta/rootUuid", "_uuid", *INSTANCE_IDS, "_id"),
            version=("__version__", "_version_"),
            submitted=("_submission_time",),
            submitter=("_submitted_by",),
            told=words(
                "_id _uuid _submission_time _validation_status _notes _status _submitted_by __version__ _version_ _tags _index"
                " _parent_index _parent_table_name meta/rootUuid meta/deprecatedID formhub/uuid _xform_id_string _attachments"
                " _geolocation _bamboo_dataset_id"
            ),
            told_starts=("_submission_",),
        ),
        Layout(PLAIN, response=INSTANCE_IDS, submitted=("SubmissionDate",)),
    )
}


def recognise(headers: Iterable[str]) -> Layout:
    """The layout of a table with these headers."""
    found = set(headers)
    if "response_id" in found and found & {"revision", "received_at_utc", "parent_key"}:
        return LAYOUTS[COLLECTOR]
    if "KEY" in found and found & {"formdef_version", "CompletionDate"}:
        return LAYOUTS[SURVEYCTO]
    if "KEY" in found and found & {"PARENT_KEY", "SubmissionDate", "SubmitterID", *INSTANCE_IDS}:
        return LAYOUTS[CENTRAL]
    if "_parent_index" in found or found & {"_uuid", "_submission_time"}:
        return LAYOUTS[KOBO]
    return LAYOUTS[PLAIN]


def is_repeat(layout: Layout, headers: Iterable[str]) -> bool:
    """Whether the table's rows are those of a repeat."""
    return bool(layout.parent) and layout.parent in set(headers)
