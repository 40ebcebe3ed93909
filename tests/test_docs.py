"""What is documented exists, and what exists is documented."""

import re
from pathlib import Path

from flask import Flask

from collector.errors import ERRORS

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", read("docs/settings.md"), re.MULTILINE))
    code = read("collector/settings.py") + read("collector/serving.py") + read("collector/logs.py")
    used = set(re.findall(r"environ\.get\(['\"]([A-Z_]+)['\"]\)", code))
    assert used == documented


def test_every_command_is_documented(app: Flask) -> None:
    commands = app.cli.commands["collector"].commands  # type: ignore[attr-defined]
    names = [
        f"{name} {inner}".strip() for name, command in commands.items() for inner in getattr(command, "commands", [""])
    ]
    text = read("README.md")
    for name in names:
        assert f"collector {name}" in text, name


def test_every_sync_endpoint_is_documented(app: Flask) -> None:
    text = read("docs/sync-protocol.md")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/sync/"):
            assert re.sub(r"/<.*", "", rule.rule) in text, rule.rule


def test_every_folder_of_the_map_exists() -> None:
    for folder in re.findall(r"^\| `([a-z_/]+/)`", read("docs/map.md"), re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder


def test_every_folder_is_on_the_map() -> None:
    text = read("docs/map.md")
    for folder in (ROOT / "collector").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert f"`collector/{folder.name}/`" in text, folder.name


def test_every_error_code_of_the_protocol_exists() -> None:
    protocol = read("docs/sync-protocol.md")
    for code in re.findall(r"\b[45]\d\d `([a-z_]+)`", protocol):
        assert code in ERRORS, code


def supported() -> list[tuple[str, str]]:
    """What docs/xlsform-support.md lists, each with the test that it names."""
    rows = []
    for line in read("docs/xlsform-support.md").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if cells and not cells[0].startswith("---") and cells[-1] != "test":
            rows.append((cells[0], cells[-1].strip("`")))
    return rows


def test_whatever_is_called_supported_has_a_test() -> None:
    assert len(supported()) > 100
    for what, test in supported():
        path, _, name = re.match(r"(\S+?\.(?:py|json|js|mjs))(::|: )?(.*)$", test).groups()  # type: ignore[union-attr]
        assert (ROOT / path).is_file(), f"{what}: {path}"
        # A name may hold quotes, which JSON writes with a stroke before them.
        text = read(path).replace('\\"', '"')
        assert name in text, f"{what}: {name} is not in {path}"


def test_each_test_of_the_accessibility_list_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", read("docs/accessibility.md"))
    assert len(named) > 25
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert not name or f"def {name}(" in read(path), f"{name} is not in {path}"


def named_in(document: str) -> set[tuple[str, str]]:
    """Tests that a document names, as `path::name` or a path alone."""
    return set(re.findall(r"`(tests/[\w/.-]+?\.(?:py|js)|tests/[\w/]+/)(?:::(\w+))?`", read(document)))


def test_each_test_that_the_page_of_security_names_is_there() -> None:
    """A defence counts with its test only: each threat names at least one, and so does what is called met by one."""
    named = named_in("docs/security.md")
    assert len(named) > 90
    for path, name in sorted(named):
        assert (ROOT / path).exists(), path
        assert not name or f"def {name}(" in read(path), f"{name} is not in {path}"
    threats = re.split(
        r"^### ", read("docs/security.md").partition("## Threats")[2].partition("\n## ")[0], flags=re.MULTILINE
    )[1:]
    assert len(threats) >= 10
    for threat in threats:
        assert "`tests/" in threat, threat.splitlines()[0]


def test_the_table_of_the_standard_is_whole() -> None:
    """All 17 chapters; every line says how it stands; what is not met says why."""
    table = read("docs/security.md").partition("## OWASP ASVS")[2]
    chapters = re.findall(r"^\| \*\*V(\d+) ", table, re.MULTILINE)
    assert [int(chapter) for chapter in chapters] == list(range(1, 18))
    for requirement, state, how in re.findall(r"^\| (\d+\.[^|]+) \| ([^|]*) \| ([^|]*) \|$", table, re.MULTILINE):
        assert state in ("met", "part", "no", "n/a"), requirement
        assert how.strip() or state == "n/a", requirement
