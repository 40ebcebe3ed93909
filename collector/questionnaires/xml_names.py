"""Namespaces of ODK XForms, and a parser that takes nothing from outside the document."""

from __future__ import annotations

from lxml import etree

XFORMS = "http://www.w3.org/2002/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
JR = "http://openrosa.org/javarosa"
ORX = "http://openrosa.org/xforms"
ENTITIES = "http://www.opendatakit.org/xforms/entities"
ODK = "http://www.opendatakit.org/xforms"


def parse(xml: bytes | str) -> etree._Element:
    """The root element. Entities stay unresolved, the network and huge documents are off.

    Raises: lxml.etree.XMLSyntaxError, ValueError where a document type is declared.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type is declared")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)
