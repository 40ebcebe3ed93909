"""SQLAlchemy models and session: people, places, lists of doors, questionnaires, responses, files, exports, keys of
programs, journal."""

from collector.store.access import AccessToken, Delivery, Instance, Webhook
from collector.store.base import Base, utc_now
from collector.store.derived import Measures, ResponseCount, ResponseFlag, ResponseTerm
from collector.store.exports import ExportChoice, ExportJob
from collector.store.files import File
from collector.store.journal import JournalEntry
from collector.store.people import Assignment, Device, Enrolment, FailedSignIn, QuestionnaireAssignment, User
from collector.store.places import Place, PlaceBoundary, PlaceState
from collector.store.questionnaires import Questionnaire, Target, Version
from collector.store.recoveries import KeyRecovery
from collector.store.responses import DeletedResponse, QuarantinedDocument, Response, Revision
from collector.store.review import Comment, Decision, NoDuplicate
from collector.store.version_files import VersionFile
from collector.store.visits import ListEntry, Visit, VisitList

__all__ = [
    "AccessToken",
    "Assignment",
    "Base",
    "Comment",
    "Decision",
    "DeletedResponse",
    "Delivery",
    "Device",
    "Enrolment",
    "ExportChoice",
    "ExportJob",
    "FailedSignIn",
    "File",
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
    "Target",
    "User",
    "Version",
    "VersionFile",
    "Visit",
    "VisitList",
    "Webhook",
    "utc_now",
]
