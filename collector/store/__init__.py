"""SQLAlchemy models and session: people, places, questionnaires, responses, files, journal."""

from collector.store.base import Base, utc_now
from collector.store.files import File
from collector.store.people import Assignment, Device, Enrolment, FailedSignIn, User
from collector.store.places import Place
from collector.store.questionnaires import Questionnaire, Target, Version
from collector.store.responses import JournalEntry, QuarantinedDocument, Response, Revision
from collector.store.version_files import VersionFile

__all__ = [
    "Assignment",
    "Base",
    "Device",
    "Enrolment",
    "FailedSignIn",
    "File",
    "JournalEntry",
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
