"""The catalogue of errors: stable code, HTTP status, message and details. Codes are never used for something else.

Domain code raises `CollectorError`; only the edge (`collector/edge.py`) turns it into JSON or a page.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class ErrorKind:
    """What is the same for every error of a code: its HTTP status and its message, a template over the details."""

    status: int
    message: Any


ERRORS: dict[str, ErrorKind] = {
    # 400
    "body_not_json": ErrorKind(400, _l("The request's body is not JSON.")),
    "body_not_gzip": ErrorKind(400, _l("The request says that its body is gzip, but it cannot be unpacked.")),
    "request_malformed": ErrorKind(400, _l("The request cannot be read.")),
    "push_malformed": ErrorKind(400, _l("The push needs an object with a list named “responses”.")),
    "visits_malformed": ErrorKind(400, _l("The call needs an object with a list named “visits”.")),
    "enrol_malformed": ErrorKind(400, _l("Enrolment needs an object with a text named “token”.")),
    "upload_malformed": ErrorKind(400, _l("The upload's header %(header)s is missing or wrong.")),
    "form_expired": ErrorKind(
        400, _l("This page was open for too long. Go back, where your input still is, and send it again.")
    ),
    "recovery_malformed": ErrorKind(400, _l("The phone's question about a forgotten PIN cannot be read.")),
    "table_unreadable": ErrorKind(
        400, _l("The file is neither CSV nor an XLSX workbook. Save it as one of them and upload it again.")
    ),
    "table_empty": ErrorKind(
        400, _l("The file needs a first row with the names of the columns, and at least one row below it.")
    ),
    "table_too_large": ErrorKind(
        400, _l("The file has more than %(rows)s rows or %(columns)s columns. Divide it and upload the parts.")
    ),
    "import_empty": ErrorKind(
        400, _l("There is neither a table nor an instance in XML in what you chose. See “What can be imported”.")
    ),
    "import_without_match": ErrorKind(
        400,
        _l(
            "No column is named like a question of this questionnaire. Choose the questionnaire that the responses belong to, and export"
            " with names (XML values) as headers."
        ),
    ),
    "import_table_unreadable": ErrorKind(
        400, _l("“%(name)s” cannot be read as a table. Export it again, or save it as CSV (UTF-8).")
    ),
    "import_archive_damaged": ErrorKind(
        400, _l("The archive “%(name)s” is damaged, or needs a password. Make it again without one.")
    ),
    "import_archive_too_large": ErrorKind(
        400, _l("The archive “%(name)s” holds more than an import takes. Divide it, and import its parts one by one.")
    ),
    "import_encrypted": ErrorKind(
        400,
        _l("Its answers are encrypted. Decrypt the responses with the other server's tools, then export them again."),
    ),
    "import_unpublished": ErrorKind(400, _l("Publish the questionnaire first: responses belong to a version of it.")),
    "volunteers_without_names": ErrorKind(
        400, _l("The table needs a column “name”. Its first row holds the names of the columns.")
    ),
    "place_code_taken": ErrorKind(400, _l("There is a place with the code “%(place)s” already. Choose another code.")),
    "place_unknown": ErrorKind(400, _l("There is no place “%(place)s”. Type its code, or its whole name.")),
    "place_ambiguous": ErrorKind(400, _l("Several places are called “%(place)s”. Type the code instead.")),
    "place_not_standing": ErrorKind(
        400, _l("“%(place)s” does not exist on that day. Choose another place or another day.")
    ),
    "place_ended": ErrorKind(400, _l("“%(place)s” has ended. Take its end back before you change it.")),
    "place_in_circle": ErrorKind(
        400, _l("“%(place)s” is under this place, or is this place itself. Choose another one.")
    ),
    "place_has_places": ErrorKind(
        400, _l("There are still places under “%(place)s”. Move, merge or end them first: there are %(count)s.")
    ),
    "place_day_future": ErrorKind(400, _l("This day is still to come. A change takes effect today or earlier.")),
    "place_day_early": ErrorKind(
        400,
        _l(
            "The last change is of %(day)s. A later change cannot take effect before it; choose that day or a later one."
        ),
    ),
    "place_in_use": ErrorKind(
        400, _l("“%(place)s” is used already, by responses, people, targets, doors or other places. End it instead.")
    ),
    "place_changed_since": ErrorKind(
        400, _l("“%(place)s” was changed since, in another way. Take that change back first.")
    ),
    "place_nothing_before": ErrorKind(400, _l("Nothing was changed here that could be taken back.")),
    "place_same": ErrorKind(400, _l("That is how it is already. Nothing was changed.")),
    "place_split_needs_two": ErrorKind(400, _l("A place is split into at least two. Fill in a second one.")),
    "door_key_taken": ErrorKind(
        400, _l("There is a door with the key “%(key)s” in this list already. Choose another key.")
    ),
    "list_without_questionnaire": ErrorKind(400, _l("This list belongs to no questionnaire. Choose one for it first.")),
    "upload_gone": ErrorKind(
        400, _l("The uploaded file was applied already, or waited for too long. Upload it again.")
    ),
    "boundaries_unreadable": ErrorKind(
        400, _l("The file is no GeoJSON FeatureCollection. Export one with coordinates in WGS 84 and upload it again.")
    ),
    "export_too_wide": ErrorKind(
        400,
        _l(
            "The table “%(table)s” has %(columns)s columns, and at most %(limit)s fit. Choose repeats as tables of their own and "
            "one column for questions with several answers, or another format."
        ),
    ),
    "export_option": ErrorKind(
        400, _l("The export's option “%(option)s” cannot be “%(value)s”. Choose it on the page of exports.")
    ),
    "input_invalid": ErrorKind(
        400, _l("Some of what was given cannot be used: “fields” says what is wrong with each.")
    ),
    "webhook_url": ErrorKind(
        400, _l("The address needs https:// or http:// and the name of a server; no password and no “#”.")
    ),
    "parameter_missing": ErrorKind(400, _l("The request needs “%(field)s”, a text.")),
    "parameter_value": ErrorKind(400, _l("The parameter “%(field)s” cannot be “%(value)s”.")),
    "odata_filter": ErrorKind(
        400,
        _l(
            "The filter cannot be read at character %(at)s (“%(text)s”). Write comparisons such as __system/submissionDate ge"
            " 2026-03-01T00:00:00Z, joined by and, or, not."
        ),
    ),
    "odata_property": ErrorKind(
        400, _l("The table has no property “%(property)s”. Take the names in $select from $metadata.")
    ),
    "odata_select_in_repeat": ErrorKind(
        400, _l("“%(property)s” is inside a repeat. Ask the repeat's own table for it.")
    ),
    "instance_malformed": ErrorKind(
        400,
        _l(
            "The submission's XML cannot be read, see line %(line)s. Send it again, or mend the form that it was made with."
        ),
    ),
    "instance_with_doctype": ErrorKind(
        400, _l("The submission's XML declares a document type (DOCTYPE), which is not taken.")
    ),
    "instance_without_form": ErrorKind(
        400,
        _l("The submission's XML does not say which form it is of: its outermost element needs the attribute “id”."),
    ),
    "instance_encrypted": ErrorKind(
        400,
        _l(
            "This submission is encrypted, and nobody could read it here. Fetch the form from this server and fill it in anew; what is "
            "on the phone stays there."
        ),
    ),
    "submission_without_xml": ErrorKind(400, _l("The submission lacks its part “xml_submission_file”.")),
    # 401, 403, 404
    "credentials_wrong": ErrorKind(
        401,
        _l(
            "Login or password is wrong. Somebody whose account has a second step gives an access token of theirs instead of the"
            " password."
        ),
    ),
    "client_unknown": ErrorKind(
        401, _l("Name or password is wrong. Scan the settings code again, or ask your supervisor for a new one.")
    ),
    "client_stale": ErrorKind(401, _l("The sign-in has to be shown anew.")),
    "device_unknown": ErrorKind(401, _l("This phone is not enrolled here. Scan your code again.")),
    "device_revoked": ErrorKind(401, _l("This phone's access was taken back. Ask your supervisor for a new code.")),
    "token_unknown": ErrorKind(401, _l("The access token is missing, not known here, has expired or was taken back.")),
    "token_read_only": ErrorKind(403, _l("This access token may only read. Make one that may write, too.")),
    "sign_in_needed": ErrorKind(401, _l("Sign in first.")),
    "not_allowed": ErrorKind(403, _l("Your role does not allow this.")),
    "recovery_of_other_user": ErrorKind(403, _l("This phone belongs to somebody else.")),
    "webhook_private": ErrorKind(
        403,
        _l(
            "This address is in a private network. Choose a public one, or ask whoever runs the server to allow private ones."
        ),
    ),
    "not_found": ErrorKind(404, _l("There is nothing at this address.")),
    "enrolment_unknown": ErrorKind(
        404, _l("This enrolment code is not known here. Check that you scanned the right one.")
    ),
    "form_unknown": ErrorKind(404, _l("There is no published questionnaire of this name.")),
    "recovery_unknown": ErrorKind(
        404, _l("Nobody asks this any more: it was answered, or more than 24 hours ago. Ask again on the phone.")
    ),
    "model_unknown": ErrorKind(404, _l("No questionnaire has this version.")),
    "form_file_unknown": ErrorKind(404, _l("No published questionnaire has this file.")),
    "upload_unknown": ErrorKind(404, _l("This upload is not known here. Begin it again.")),
    # 405 to 4xx
    "format_unacceptable": ErrorKind(406, _l("This address only gives %(allowed)s.")),
    "method_not_allowed": ErrorKind(405, _l("This address does not take that kind of request.")),
    "upload_offset_differs": ErrorKind(409, _l("The server has %(offset)s bytes of this file. Go on from there.")),
    "not_acceptable": ErrorKind(
        409, _l("This document cannot become a response. Choose its questionnaire, or put it aside.")
    ),
    "webhooks_too_many": ErrorKind(
        409, _l("Nobody has more than %(limit)s webhooks. Remove one that is not needed any more.")
    ),
    "response_deleted": ErrorKind(
        410, _l("This response was deleted, or what the file answers was erased. The file is not needed any more.")
    ),
    "sealing_key_differs": ErrorKind(409, _l("This was sealed with a key that the server does not have.")),
    "enrolment_expired": ErrorKind(410, _l("This enrolment code has expired. Ask your supervisor for a new one.")),
    "enrolment_revoked": ErrorKind(410, _l("This enrolment code was taken back. Ask your supervisor for a new one.")),
    "enrolment_used_up": ErrorKind(
        410, _l("This enrolment code was used too often. Ask your supervisor for a new one.")
    ),
    "tus_version": ErrorKind(412, _l("This server speaks tus 1.0.0.")),
    "body_too_large": ErrorKind(413, _l("The body is larger than %(limit_bytes)s bytes.")),
    "too_many_responses": ErrorKind(413, _l("A push takes at most %(limit)s responses.")),
    "too_many_visits": ErrorKind(413, _l("A call takes at most %(limit)s visits.")),
    "instance_too_large": ErrorKind(413, _l("The submission's XML is larger than %(limit_bytes)s bytes.")),
    "file_too_large": ErrorKind(413, _l("The file is larger than %(limit_bytes)s bytes.")),
    "unsent_file_too_large": ErrorKind(
        413,
        _l(
            "“%(name)s” is larger than %(limit_mb)s MiB. Nothing was imported: leave it out, and send the others again."
        ),
    ),
    "import_too_large": ErrorKind(
        413,
        _l("“%(name)s” is larger than %(limit_mb)s MiB. Divide it, or let whoever runs the server import it there."),
    ),
    "media_type": ErrorKind(415, _l("The request's Content-Type does not fit.")),
    "too_many_tries": ErrorKind(429, _l("Too many wrong passwords. Try again in %(minutes)s minutes.")),
    "too_many_guesses": ErrorKind(
        429, _l("Too many wrong tokens or codes came from your network. Try again in %(minutes)s minutes.")
    ),
    "too_many_recoveries": ErrorKind(
        429, _l("This phone has asked %(limit)s times already. Ask your supervisor to answer.")
    ),
    "upload_checksum_differs": ErrorKind(460, _l("The bytes arrived changed. Send them again.")),
    "export_not_ready": ErrorKind(409, _l("This file is not ready yet. Look again in a moment.")),
    "export_rights_changed": ErrorKind(
        409,
        _l(
            "What you may see has changed since this file was made. Choose “Make anew” to get it with what you may see now."
        ),
    ),
    "export_broken_off": ErrorKind(
        500,
        _l("The server broke off %(tries)s times while it made this file. Choose fewer responses, or another format."),
    ),
    "export_no_space": ErrorKind(
        507, _l("The server's disk is full. Tell whoever runs the server; nothing that was collected is lost.")
    ),
    "export_too_many": ErrorKind(
        429, _l("You are waiting for %(limit)s files already. Wait for one of them, or delete one.")
    ),
    "export_too_many_kept": ErrorKind(
        429, _l("You have %(limit)s files here already. Delete those that you no longer need, or wait until they go.")
    ),
    "disk_nearly_full": ErrorKind(
        507,
        _l(
            "The server has no room for files right now. Keep them and send them again later; answers are still taken. Tell whoever runs"
            " the server."
        ),
    ),
    # 500
    "internal": ErrorKind(500, _l("Something went wrong at the server. Nothing that was already stored is lost.")),
    "font_missing": ErrorKind(
        501,
        _l(
            "The server has no font with Chinese characters, so that it cannot draw the PNG. Take the SVG, or ask whoever runs the"
            " server to install fonts-noto-cjk."
        ),
    ),
    "option_unsupported": ErrorKind(501, _l("This server does not do “%(feature)s”.")),
    "odata_filter_unsupported": ErrorKind(
        501, _l("The filter has “%(text)s” at character %(at)s, which this server does not do.")
    ),
    "odata_field_unsupported": ErrorKind(
        501,
        _l(
            "The filter has “%(text)s” at character %(at)s, which cannot be filtered by here. Possible are __id and, of __system,"
            " submissionDate, updatedAt, submitterId, reviewState, deletedAt."
        ),
    ),
    "odata_expand": ErrorKind(501, _l("Only $expand=* is possible here, not “%(text)s”.")),
    "odata_select_expand": ErrorKind(501, _l("$select and $expand cannot be used together here.")),
    "moved": ErrorKind(
        503,
        _l(
            "This server takes nothing more: the installation has moved. Ask whoever runs it for the new address; phones keep what they"
            " have until it has arrived there."
        ),
    ),
    "unavailable": ErrorKind(503, _l("The server cannot store anything right now. Try again in a moment.")),
    "pushes_too_many": ErrorKind(
        503, _l("Very many phones are sending at this moment. This one keeps what it has, and sends it a little later.")
    ),
    "downloads_too_many": ErrorKind(503, _l("Too many downloads are under way. Try again in a minute.")),
}


class CollectorError(Exception):
    """An error that a person or a phone can act on. `details` fill the message and go out with it: no answers in them."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def status(self) -> int:
        """HTTP status of this error's code."""
        return ERRORS[self.code].status

    @property
    def message(self) -> str:
        """The sentence for people, in the language of the request."""
        template = str(ERRORS[self.code].message)
        return template % self.details if self.details else template

    def body(self) -> dict[str, Any]:
        """The one JSON error body. Shape: `{"error": {"code", "message", "details"}}`."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}
