"""SQLAlchemy models and session: people, places, lists of doors, questionnaires, responses, files, exports, keys of
programs, journal."""

from collector.store.access import AccessToken, Delivery, Instance, Webhook
from collector.store.base import Base, utc_now
from collector.store.derived import Measures, ResponseCount, ResponseFlag, ResponseTerm
from collector.store.exports import ExportChoice, ExportJob
from collector.store.files import File
from collector.store.hosts import Backup, Host, SealedWith, UsedNonce
from collector.store.journal import JournalEntry
from collector.store.people import Assignment, Device, Enrolment, FailedSignIn, QuestionnaireAssignment, User
from collector.store.places import Place, PlaceBoundary, PlaceState
from collector.store.questionnaires import Questionnaire, Target, Version
from collector.store.recoveries import KeyRecovery
from collector.store.responses import (
    DeletedResponse,
    ErasedContent,
    Erasure,
    QuarantinedDocument,
    Response,
    Revision,
)
from collector.store.review import Comment, Decision, NoDuplicate
from collector.store.version_files import VersionFile
from collector.store.visits import ListEntry, Visit, VisitList

__all__ = [
    "AccessToken",
    "Assignment",
    "Backup",
    "Base",
    "Comment",
    "Decision",
    "DeletedResponse",
    "Delivery",
    "Device",
    "Enrolment",
    "ErasedContent",
    "Erasure",
    "ExportChoice",
    "ExportJob",
    "FailedSignIn",
    "File",
    "Host",
    "Instance",
    "JournalEntry",
    "KeyRecovery",
    "ListEntry",
    "Measures",
    "NoDuplicate",
    "Place",
    "PlaceBoundary",
    "PlaceState",
    "QuarantinedDocument",
    "Questionnaire",
    "QuestionnaireAssignment",
    "Response",
    "ResponseCount",
    "ResponseFlag",
    "ResponseTerm",
    "Revision",
    "SealedWith",
    "Target",
    "UsedNonce",
    "User",
    "Version",
    "VersionFile",
    "Visit",
    "VisitList",
    "Webhook",
    "utc_now",
]
