"""Files: what responses, questionnaires, exports and imports keep beside the database, in the data folder or in a store of objects."""

from collector.store.contents.backend import ContentsAway
from collector.store.contents.keeping import (
    EXPORTS,
    FILES,
    FORM_FILES,
    UPLOADS,
    Contents,
    WrongContent,
    contents,
    init_app,
    open_contents,
)

__all__ = [
    "EXPORTS",
    "FILES",
    "FORM_FILES",
    "UPLOADS",
    "Contents",
    "ContentsAway",
    "WrongContent",
    "contents",
    "init_app",
    "open_contents",
]
