"""Random but valid walks through forms, in the server's host: walk.js."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.questionnaires.engine import Engine
from collector.questionnaires.zones import zone_table

HERE = Path(__file__).resolve().parent
NOW_MS = 1_795_521_600_000  # 2026-11-24T16:00:00Z, midnight in Nanjing
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Walk:
    """What came of a walk.

    `stuck`: questions to which no valid answer was found; `impossible`: those that must be answered and offer nothing;
    `changed`: answers that are others in the reopened draft; `flags`: what the server's check says of the finished
    response, what is missing where nothing could be given apart.
    """

    questions: int
    answered: int
    stuck: list[str]
    impossible: list[str]
    changed: list[str]
    flags: list[str]


def walk_engine() -> Engine:
    """Give an engine that can walk."""
    return Engine(
        extra=tuple(HERE / name for name in ("walk_patterns.js", "walk_values.js", "walk.js", "walk_host.js"))
    )


def walk_form(engine: Engine, model_json: str, seed: int, files: dict[str, Any] | None = None) -> Walk:
    """Fill in a form, finish it and have the server check what came."""
    walk = _walk(engine, model_json, seed, files or {})
    flags = engine.check(model_json, model_json, walk["answers"], now_ms=NOW_MS, tz=ZONE).flags
    told = [
        f"{flag['code']} {flag['path']} {flag['message']}"
        for flag in flags
        if flag["code"] != "required_missing" or flag["path"] not in walk["impossible"]
    ]
    return Walk(walk["questions"], walk["answered"], walk["stuck"], walk["impossible"], walk["changed"], told)


def walk_answers(engine: Engine, model_json: str, seed: int) -> dict[str, Any]:
    """Fill in a form and give the finished response's answers."""
    answers: dict[str, Any] = _walk(engine, model_json, seed, {})["answers"]
    return answers


def _walk(engine: Engine, model_json: str, seed: int, files: dict[str, Any]) -> dict[str, Any]:
    zone = json.dumps(zone_table(ZONE))
    walk: dict[str, Any] = engine.call("hostWalk", model_json, json.dumps(files), float(NOW_MS), zone, float(seed))
    return walk
