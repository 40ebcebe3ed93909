"""Converts one XLSForm with pyxform in a process of its own: JSON on standard input, JSON on standard output.

Run by path and isolated (`python -I conversion_process.py SECONDS`, of computing at most), so it must import nothing of
Collector.
In: `convert`'s arguments `{"workbook", "root_name", "default_language", "fallback_name"}`. Out: what `convert` gives.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.survey_element import SurveyElement
from pyxform.xls2xform import convert as pyxform_convert

# To find the repeat that a question is in, pyxform compares repeats by writing out all that is in them, again for each
# question: most of the time that a long form takes. A repeat equals itself alone.
SurveyElement.__eq__ = object.__eq__

MEMORY_LIMIT_BYTES = 2_000_000_000
# Requests of phones and supervisors go first.
NICENESS = 2


def convert(workbook: dict[str, Any], root_name: str, default_language: str, fallback_name: str) -> dict[str, Any]:
    """`{"xform": str, "warnings": [str]}`, or `{"error": str, "is_expected": bool}` where pyxform gives up.

    `is_expected` is False for an exception that is a fault of pyxform rather than a message to the author.
    """
    warnings: list[str] = []
    # pyxform takes the headers out of these dictionaries; they must be its own.
    source = {**workbook, "fallback_form_name": fallback_name}
    try:
        result = pyxform_convert(
            source, warnings=warnings, validate=False, form_name=root_name, default_language=default_language or None
        )
    except PyXFormError as error:
        return {"error": str(error), "is_expected": True}
    except Exception as error:
        # pyxform lets TypeError, KeyError and others out; none may reach the author as a trace.
        return {"error": f"{type(error).__name__}: {error}", "is_expected": False}
    return {"xform": result.xform, "warnings": warnings}


def main() -> None:
    """Reads the order, converts, writes the result. The system ends it with SIGXCPU where it computes too long."""
    seconds = int(sys.argv[1])
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    json.dump(convert(**json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
