"""What the pages and the command say of an import."""

from typing import Any

from flask_babel import lazy_gettext as _l

from collector.importing import layouts

#: What was recognised, by the code of its layout.
SOURCES: dict[str, Any] = {
    layouts.COLLECTOR: _l("an export of Collector"),
    layouts.CENTRAL: _l("an export of ODK Central or ODK Briefcase"),
    layouts.SURVEYCTO: _l("an export of SurveyCTO"),
    layouts.KOBO: _l("an export of KoboToolbox"),
    layouts.PLAIN: _l("a table without marks of a server"),
    layouts.XML: _l("instances in XML"),
}
