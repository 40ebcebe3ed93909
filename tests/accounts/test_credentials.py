"""Every secret that lets somebody in: how much chance there is in it, and that the database holds none of them (A79, A80)."""

import ast
import base64

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token
from collector.accounts.collect_access import make_access
from collector.accounts.operations import enrol_device, issue_enrolment
from collector.accounts.second_factor import CODE_BYTES, renew_codes
from collector.accounts.tokens import new_token
from collector.central.operations import open_session
from collector.openrosa.challenges import make_nonce
from collector.settings import PROJECT_ROOT
from collector.store import Base, User
from tests.conftest import People

#: What makes something by chance.
MAKERS = {"token_bytes", "token_hex", "token_urlsafe", "new_token", "random_base32"}
LEAST_BITS = 128
#: Every function that makes a secret by chance, and the bits of chance in it. Whoever adds a maker of secrets adds its line.
SECRETS = {
    "accounts/tokens.py new_token": 256,
    "accounts/operations.py issue_enrolment": 256,
    "accounts/operations.py enrol_device": 256,
    "accounts/access_tokens.py issue_token": 256,
    "accounts/collect_access.py make_access": 256,
    "accounts/second_factor.py new_secret": 160,
    "accounts/second_factor.py renew_codes": CODE_BYTES * 8,
    "archive/keys.py _write_key": 256,
    "central/access.py __init__": 256,
    "central/session_routes.py session_shape": 256,
    "intake/files.py begin_file": 256,
    "intake/adoption.py _copy": 256,
    "openrosa/challenges.py make_nonce": 128,
    "sealing/key_commands.py write_keys": 256,
    "sealing/keys.py keep_key_file": 256,
    "settings.py keep_secret_key": 256,
    "store/data_keys.py keep_keys_file": 256,
    "store/data_keys.py new_key_text": 256,
    "webhooks/signing.py new_secret": 256,
}
#: What lets nobody in: names of tries and requests; and first passwords, which argon2 guards as those that people choose.
NO_TOKENS = {
    "accounts/tries.py begin_try",
    "accounts/tries.py begin_try_of_address",
    "accounts/operations.py new_password",
    "cli.py init",
    "cli.py add_user",
    "logs.py begin",
    "logs.py begin_work",
    "logs.py init_app",
}


def makers() -> set[str]:
    """Every function that makes something by chance, as `file function`."""
    found = set()
    root = PROJECT_ROOT / "collector"
    for path in root.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and any(map(is_maker, ast.walk(function))):
                found.add(f"{path.relative_to(root).as_posix()} {function.name}")
    return found


def is_maker(node: ast.AST) -> bool:
    """Whether this calls one of MAKERS."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKERS


def test_every_maker_of_secrets_is_known_and_uses_enough_chance() -> None:
    assert makers() - set(SECRETS) - NO_TOKENS == set()
    assert min(SECRETS.values()) >= LEAST_BITS


def bits_of(token: str) -> int:
    """Bits that fit a token in base64 for addresses."""
    return len(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))) * 8


def made(app: Flask, session: Session, people: People) -> dict[str, str]:
    """One of each secret that the database has to recognise again."""
    wei, ana = session.merge(people.wei), session.merge(people.ana)
    _, link = issue_enrolment(session, wei, by=None)
    _, phone = enrol_device(session, link, "Phone")
    _, program = issue_token(session, ana, name="R")
    _, central = open_session(session, ana)
    with app.test_request_context():
        collect = make_access(session, wei, by=None).password
    return {
        "enrolment": link,
        "phone": phone,
        "program": program,
        "session of Central's API": central,
        "ODK Collect": collect,
    }


def everything(session: Session) -> str:
    """All that the database holds, as it is stored."""
    stored = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
            stored += [
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value) for value in row
            ]
    return "\n".join(stored)


def test_tokens_have_at_least_128_bits_and_only_their_hashes_are_kept(
    app: Flask, session: Session, people: People
) -> None:
    secrets = made(app, session, people)
    codes = renew_codes(session, session.get_one(User, people.ana.id))
    session.flush()
    stored = everything(session)
    assert people.ana.id in stored, "what is looked through holds what was written"
    for what, secret in secrets.items():
        assert bits_of(secret) >= LEAST_BITS, what
        assert secret not in stored and secret[8:] not in stored, what
    for code in codes:
        plain = code.replace("-", "")
        # Each sign of base32 stands for 5 bits.
        assert len(plain) * 5 >= LEAST_BITS
        assert code not in stored and plain not in stored
    assert len({new_token() for _ in range(100)}) == 100


def test_nonces_have_enough_chance_in_them(app: Flask) -> None:
    with app.app_context():
        assert bits_of(make_nonce().split(".")[0]) >= LEAST_BITS
