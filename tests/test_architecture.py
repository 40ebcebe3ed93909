"""Imports run one way (DESIGN, the house): the frame knows the capabilities, they know the store, the store knows the settings."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
CAPABILITIES = (
    "accounts",
    "api",
    "archive",
    "central",
    "coverage",
    "export",
    "field",
    "importing",
    "intake",
    "openrosa",
    "places",
    "privacy",
    "quality",
    "questionnaires",
    "review",
    "running",
    "sealing",
    "sync",
    "verify",
    "webhooks",
)
#: What a capability may use besides itself and what lies below all of them.
USES = {
    "accounts": {"sealing"},
    "api": {"accounts", "export", "intake", "questionnaires", "webhooks"},
    "archive": {"sealing", "verify"},
    "central": {"accounts", "export", "questionnaires"},
    "coverage": {"accounts", "questionnaires"},
    "export": {"accounts", "questionnaires"},
    "field": {"accounts", "questionnaires"},
    "importing": {"accounts", "intake", "questionnaires"},
    "intake": {"accounts", "questionnaires", "sealing"},
    "openrosa": {"accounts", "intake", "questionnaires", "sealing"},
    "places": {"accounts"},
    "privacy": {"accounts", "export", "intake", "questionnaires", "review"},
    "quality": {"accounts", "intake", "questionnaires"},
    "questionnaires": {"accounts"},
    "review": {"accounts", "intake", "questionnaires"},
    "running": {"accounts"},
    "sealing": set(),
    "sync": {"accounts", "questionnaires", "intake", "sealing"},
    "verify": {"intake"},
    "webhooks": {"accounts", "questionnaires", "sealing"},
}
BELOW = (
    "charts",
    "disk",
    "downloads",
    "settings",
    "errors",
    "geometry",
    "journal",
    "languages",
    "metrics",
    "place_order",
    "processes",
    "spreadsheet",
    "store",
    "static_files",
    "turns",
    "uploads",
    "zip_directory",
)


def imports(path: Path) -> set[str]:
    """Modules of ours that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "collector":
            if node.module != "collector":
                found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names if node.module.count(".") <= 1}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("collector.")}
    return found


def test_capabilities_use_only_what_they_may() -> None:
    for capability in CAPABILITIES:
        allowed = {capability, *BELOW, *USES[capability]}
        for path in (ROOT / "collector" / capability).rglob("*.py"):
            for module in imports(path):
                part = module.split(".")[1]
                assert part in allowed, f"{path.relative_to(ROOT)} imports {module}"


def test_the_store_knows_only_itself_and_the_settings() -> None:
    for path in (ROOT / "collector" / "store").rglob("*.py"):
        for module in imports(path):
            assert module.split(".")[1] in {"store", "settings"}, f"{path.relative_to(ROOT)} imports {module}"


def test_only_routes_know_flask_requests_and_templates() -> None:
    for path in (ROOT / "collector").rglob("*.py"):
        if path.name in {"operations.py", "queries.py", "decide.py", "progress.py", "tables.py", "rows.py"}:
            text = path.read_text()
            assert "render_template" not in text, path
            assert "import request" not in text, path


def test_the_engine_has_no_world() -> None:
    for path in (ROOT / "static" / "engine").rglob("*.js"):
        code = "\n".join(
            line.split("//")[0] for line in path.read_text().splitlines() if not line.lstrip().startswith("*")
        )
        for word in (
            "document.",
            "window.",
            "fetch(",
            "indexedDB",
            "Date.now",
            "new Date(",
            "Math.random",
            "setTimeout",
            "localStorage",
        ):
            assert word not in code, f"{path.relative_to(ROOT)} uses {word}"
        assert "from '../field" not in code, path


def test_the_service_worker_is_short_and_holds_no_survey_rule() -> None:
    lines = (ROOT / "static" / "field" / "sw.js").read_text().splitlines()
    assert len(lines) < 150
    assert not any(line.startswith("import") for line in lines)
