"""The name under which a browser saves an answer: any letters, in a header that holds none but ASCII."""

import unicodedata
from urllib.parse import quote

from werkzeug.wrappers import Response

#: Besides letters and digits, what needs no escape in `filename*` (RFC 8187, section 3.2.1).
PLAIN = "!#$&+-.^_`|~"


def name_download(answer: Response, name: str) -> None:
    """Let whoever gets `answer` save it as `name`. Mutates: the answer's headers.

    Letters beyond ASCII go into `filename*`; `filename` stands beside it for programs that know no other (RFC 6266, section 4.3).
    """
    shown = "".join(sign for sign in name if sign.isprintable())
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    names = {"filename": plain}
    if plain != shown:
        names["filename*"] = f"UTF-8''{quote(shown, safe=PLAIN)}"
    answer.headers.set("Content-Disposition", "attachment", **names)
