"""Labels without their Markdown and HTML, for tables and lists."""

import re

#: Markdown and HTML of labels, as static/field/fill/markup.js reads them: marks at the start of a line, around words, tags, links.
_SIGN = re.compile(r"[*_#<\[\\&]")
_LINE_MARK = re.compile(r"^[^\S\n]*#{1,6}(?![#\d])[^\S\n]*|[^\S\n]+#+[^\S\n]*$", re.MULTILINE)
_AROUND = re.compile(
    r"(?<![\\*])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*\\])\1(?!\*)|(?<![\w\\])(_{1,2})(?=[^\s_])([^\n]*?[^\s_\\])\3(?!\w)"
)
_TAG = re.compile(
    r"</?(?:a|b|big|br|center|del|div|em|font|h[1-6]|i|li|ol|p|s|small|span|strike|strong|sub|sup|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\s]+\)")
_ESCAPED = re.compile(r"\\([\\*_#<\[\]&+-])")


def without_marks(text: str) -> str:
    """The label, hint or choice `text` without its Markdown and HTML. What is no mark of a label stays."""
    if not _SIGN.search(text):
        return text
    text = _LINK.sub(
        r"\1", _TAG.sub(lambda tag: "\n" if tag[0].lower().startswith("<br") else "", _LINE_MARK.sub("", text))
    )
    for _ in range(2):
        text = _AROUND.sub(lambda found: found[2] or found[4], text)
    return _ESCAPED.sub(r"\1", text).replace("&nbsp;", " ").strip()
