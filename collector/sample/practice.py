"""The practice questionnaire of the phone client: the form model of `practice.xlsx`, kept as a static file.

`python -m collector.sample.practice` makes the file anew after the workbook or the compiler has changed; a test says when that is due.
"""

from pathlib import Path

from collector.questionnaires.compile import compile_workbook
from collector.settings import PROJECT_ROOT

WORKBOOK = Path(__file__).with_name("practice.xlsx")
MODEL = PROJECT_ROOT / "static" / "field" / "practice.json"


def practice_model() -> str:
    """The form model of the workbook, as the compiler writes it, with a line's end. Raises ValueError where it has faults."""
    compiled = compile_workbook(WORKBOOK.read_bytes(), WORKBOOK.name)
    if compiled.model_json is None:
        raise ValueError([finding.as_dict("en") for finding in compiled.errors])
    return compiled.model_json + "\n"


if __name__ == "__main__":
    MODEL.write_text(practice_model(), "utf-8")
