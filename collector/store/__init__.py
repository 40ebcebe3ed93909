"""SQLAlchemy models and session: people, places, questionnaires, responses, files, journal."""

from collector.store.base import Base, utc_now
from collector.store.files import File
from collector.store.journal import JournalEntry
from collector.store.people import Assignment, Device, Enrolment, FailedSignIn, User
from collector.store.places import Place
from collector.store.questionnaires import Questionnaire, Target, Version
from collector.store.recoveries import KeyRecovery
from collector.store.responses import DeletedResponse, QuarantinedDocument, Response, Revision
from collector.store.version_files import VersionFile

__all__ = [
    "Assignment",
    "Base",
    "DeletedResponse",
    "Device",
    "Enrolment",
    "FailedSignIn",
    "File",
    "JournalEntry",
    "KeyRecovery",
    "Place",
    "QuarantinedDocument",
    "Questionnaire",
    "Response",
    "Revision",
    "Target",
    "User",
    "Version",
    "VersionFile",
    "utc_now",
]
