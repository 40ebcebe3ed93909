"""The list of forms and a form's manifest as XML. Pure.

Source: OpenRosa 1.0 Form List API and Manifest API.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"


@dataclass(frozen=True)
class FormEntry:
    """A form: `md5` of its XML; `manifest_url` "" where no files belong to it."""

    form_id: str
    version: str
    title: str
    md5: str
    download_url: str
    manifest_url: str


@dataclass(frozen=True)
class FileEntry:
    """A file that a form needs, by the name that the form knows."""

    name: str
    md5: str
    download_url: str


def write_list(forms: Iterable[FormEntry]) -> etree._Element:
    """The element `xforms` with an `xform` for each."""
    root = etree.Element(f"{{{LIST}}}xforms", nsmap={None: LIST})
    for form in forms:
        item = etree.SubElement(root, f"{{{LIST}}}xform")
        parts = {
            "formID": form.form_id,
            "name": form.title,
            "version": form.version,
            "hash": f"md5:{form.md5}",
            "downloadUrl": form.download_url,
            "manifestUrl": form.manifest_url,
        }
        for name, text in parts.items():
            if text or name == "version":
                etree.SubElement(item, f"{{{LIST}}}{name}").text = text
    return root


def write_manifest(files: Iterable[FileEntry]) -> etree._Element:
    """The element `manifest` with a `mediaFile` for each."""
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={None: MANIFEST})
    for file in files:
        item = etree.SubElement(root, f"{{{MANIFEST}}}mediaFile")
        for name, text in (("filename", file.name), ("hash", f"md5:{file.md5}"), ("downloadUrl", file.download_url)):
            etree.SubElement(item, f"{{{MANIFEST}}}{name}").text = text
    return root
