"""Nothing that somebody typed is lost (A80): a form that cannot be taken yet comes back in a page that holds it, and sends it again.

That is so for a form of the office whose page was open longer than its session, and for one that is sent after the session ended.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, request
from flask_login import current_user

from collector.errors import CollectorError

#: Errors after which the same form can be sent again.
HOLDING = frozenset({"form_expired", "sign_in_needed"})
OFFICE_PATH = "/office/"
#: Field of the token against forged forms.
TOKEN = "csrf_token"  # noqa: S105 - the field's name
#: Fields of passwords (collector/accounts/inputs.py): they are not written into a page, and typed once more.
SECRET_FIELDS = frozenset({"password", "old", "new", "again"})


@dataclass(frozen=True)
class HeldForm:
    """A form as it was sent. `files`: names of its fields for files, each with whether there were several; a page cannot hold those."""

    action: str
    fields: list[tuple[str, str]]
    secrets: list[str]
    files: list[tuple[str, bool]]

    @property
    def texts(self) -> list[str]:
        """What may have been typed, to be shown."""
        return [text for _name, text in self.fields if text.strip()]


def held_page(error: CollectorError) -> str | None:
    """The page that holds the form of this request; None where there is none, or where no page of ours sent it.

    What another site made a browser send is held by nobody: somebody would be asked to confirm a stranger's form.
    """
    if error.code not in HOLDING or request.method != "POST" or not request.path.startswith(OFFICE_PATH):
        return None
    if not is_from_here():
        return None
    held = read_form()
    if not (held.fields or held.secrets or held.files):
        return None
    return render_template("office/form_held.html", error=error, held=held, is_signed_in=current_user.is_authenticated)


def is_from_here() -> bool:
    """Tell whether a page of this server sent the form, as browsers say by themselves (Fetch Metadata, else Origin, else Referer)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(source).netloc == request.host
    except ValueError:
        # No browser writes such an address: `http://[::1`.
        return False


def read_form() -> HeldForm:
    """The form of this request."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in {TOKEN, *SECRET_FIELDS}]
    secrets = [name for name in request.form if name in SECRET_FIELDS]
    files = [(name, len(request.files.getlist(name)) > 1) for name in request.files]
    # `full_path` has a question mark where nothing was asked.
    return HeldForm(request.full_path.removesuffix("?"), fields, secrets, files)
