"""What properties and kinds of questions are called in the office."""

from flask_babel import lazy_gettext as _l

#: What a property is called, by its key in the form model.
PROPERTIES = {
    "title": _l("Title"),
    "languages": _l("Languages"),
    "default_language": _l("Default language"),
    "place_path": _l("Questions that tell the place"),
    "style": _l("Style"),
    "type": _l("Kind of question"),
    "label": _l("Label"),
    "hint": _l("Hint"),
    "required_message": _l("Message when it is left out"),
    "constraint_message": _l("Message when an answer is refused"),
    "media": _l("Pictures, recordings and films"),
    "relevant": _l("Asked only if"),
    "required": _l("Required"),
    "constraint": _l("Accepted only if"),
    "calculate": _l("Calculation"),
    "readonly": _l("Read only"),
    "default": _l("Answer to begin with"),
    "count": _l("Number of rows"),
    "missing": _l("Reasons for no answer"),
    "appearance": _l("Appearance"),
    "parameters": _l("Parameters"),
    "choice_filter": _l("Choices are offered if"),
}
#: What a kind of question is called, by type, control and kind of file as difference.py writes them together.
KINDS = {
    "group": _l("group"),
    "repeat": _l("repeated group"),
    "string input": _l("text"),
    "int input": _l("whole number"),
    "decimal input": _l("decimal number"),
    "date input": _l("date"),
    "time input": _l("time"),
    "dateTime input": _l("date and time"),
    "geopoint input": _l("point on the map"),
    "geotrace input": _l("line on the map"),
    "geoshape input": _l("area on the map"),
    "barcode input": _l("barcode"),
    "string select1": _l("one choice"),
    "string select": _l("several choices"),
    "odk:rank rank": _l("ranking"),
    "int range": _l("whole number on a scale"),
    "decimal range": _l("decimal number on a scale"),
    "string trigger": _l("acknowledgement"),
    "binary upload image/*": _l("photo"),
    "binary upload audio/*": _l("recording"),
    "binary upload video/*": _l("film"),
    "binary upload application/*": _l("file"),
    "string": _l("calculated"),
}


def property_words(key: str) -> str:
    """What a property of the form model is called."""
    return str(PROPERTIES[key])


def kind_words(kind: str, type_: str = "", control: str = "", mediatype: str = "") -> str:
    """What a kind of node is called; of a question by its type, control and kind of file."""
    written = " ".join(filter(None, (type_, control, mediatype))) if kind == "question" else kind
    return str(KINDS.get(written, written))
