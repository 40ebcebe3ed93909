"""Answers as OpenRosa 1.0 has them: XML, with its version in a header; refusals too.

Source: OpenRosa 1.0 HTTP Request API, section "Responses"; OpenRosaRequest headers.
"""

from flask import Response
from lxml import etree

from collector.errors import CollectorError
from collector.openrosa.challenges import add_challenges

NAMESPACE = "http://openrosa.org/http/response"
#: Natures of a message that clients know.
SUCCESS, ERROR = "submit_success", "error"
VERSION = ("X-OpenRosa-Version", "1.0")


def xml_answer(root: etree._Element, status: int = 200) -> Response:
    """An element as an answer."""
    return body_answer(bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)), status)


def body_answer(body: bytes, status: int = 200) -> Response:
    """XML that is written already as an answer."""
    answer = Response(body, status, content_type="text/xml; charset=utf-8")
    answer.headers.set(*VERSION)
    return answer


def message_answer(text: str, status: int, nature: str = SUCCESS) -> Response:
    """A sentence for the person at the phone."""
    root = etree.Element(f"{{{NAMESPACE}}}OpenRosaResponse", nsmap={None: NAMESPACE})
    message = etree.SubElement(root, f"{{{NAMESPACE}}}message", nature=nature)
    message.text = text
    return xml_answer(root, status)


def error_answer(error: CollectorError) -> Response:
    """A refusal in words; with the ways to sign in where that is what is missing."""
    answer = message_answer(error.message, error.status, ERROR)
    if error.status == 401:
        add_challenges(answer, is_stale=error.code == "client_stale")
    return answer
