"""What is found in a questionnaire: a code, its values and its place, told in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.questionnaires.messages import MESSAGES


@dataclass(frozen=True)
class Finding:
    """One fault or warning of a workbook, with the place where its author can mend it.

    `code` is a key of `messages.MESSAGES` and never changes its meaning; `params` fills the message. `sheet` is the
    sheet's name, `row` the number that the spreadsheet program shows (1 is the header), `column` the header
    as the author wrote it. Each is None where the fault has no such place.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def text(self, language: str = "en") -> str:
        """The message in `language` ("zh…" is Chinese, everything else English), without the place."""
        english, chinese = MESSAGES[self.code]
        template = chinese if language.lower().startswith("zh") else english
        return template.format_map(self.params)

    @property
    def message(self) -> str:
        """The English message."""
        return self.text("en")

    @property
    def message_zh(self) -> str:
        """The Chinese message."""
        return self.text("zh")

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Shape: {"sheet", "row", "column", "message"}, as `form check --json` prints it."""
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "message": self.text(language)}


class WorkbookRefused(Exception):
    """The workbook cannot be read any further; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding
