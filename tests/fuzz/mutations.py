"""Ways to spoil a request. Pure: the same random source gives the same requests."""

import gzip
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import quote

from tests.fuzz.wire import Asked

ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 2**31, 2**63, 10**400, 1e308, -0.0, float("nan"), float("inf"), "", "\0", "a\0b", "\ud800", "\udfff x",
    "😀" * 200, "x" * 5000, [], [[]], {}, {"": ""}, {"\0": "\ud800"}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-02-30", "../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --", "%s%n", "{{7*7}}", "=1+1", "\u202e\u2066", "NaN",
]  # fmt: skip
ODD_TEXTS = [value for value in ODD_VALUES if isinstance(value, str)]
TYPES = [
    "", "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml", "application/xml",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "multipart/mixed; boundary=x", "application/offset+octet-stream",
    "application/json; charset=utf-16", "application/json; charset=no-such", "image/jpeg", "a/b; c=" + "d" * 500, "\u00e9/\u00e9",
]  # fmt: skip
ODD_HEADERS = [
    ("Range", "bytes=9999999999999999999-1"), ("Range", "bytes=-0"), ("If-Modified-Since", "never"), ("If-None-Match", '"' * 99),
    ("If-Range", "\u00ff"), ("Accept-Language", "x" * 900), ("Accept", "application/json"), ("Accept", ";q=,*/*;q=9"),
    ("Accept-Encoding", "gzip;q=nan"), ("Cookie", "session=.eJw=.x; remember_token=\u00ff"), ("Cookie", "=;;=" * 50),
    ("Upload-Offset", "-1"), ("Upload-Offset", "9" * 30), ("Upload-Length", "1e9"), ("Upload-Length", "-1"),
    ("Upload-Metadata", "name \u00ff,,, response"), ("Upload-Checksum", "sha256 !!!"), ("Upload-Checksum", "md5 AAAA"),
    ("Tus-Resumable", "9.9"), ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "\u2603"), ("X-Forwarded-Host", "evil.invalid"),
    ("X-OpenRosa-Version", "\ud7ff"), ("Date", "yesterday"), ("Referer", "http://[::1"), ("Origin", "null"), ("Expect", "200-ok"),
    ("Content-Encoding", "br"), ("Content-Encoding", "gzip, gzip"), ("Content-Length", "-5"), ("Content-Length", "abc"),
    ("Transfer-Encoding", "identity, chunked"), ("Authorization", ""), ("Authorization", "Bearer"), ("Authorization", "Basic !!!"),
    ("Authorization", "Basic /////w=="), ("Authorization", "Digest username=\"\u00ff\", nonce, realm=\","), ("Authorization", "Bearer " + "\u00ff" * 40),
    ("Authorization", "Bearer " + "a" * 5000), ("Authorization", "Bearer " + "A" * 43),
]  # fmt: skip
#: A packed body that unpacks to more than the server takes.
GZIP_BOMB = gzip.compress(b" " * 20 * 1024 * 1024, 9)

Mutation = Callable[[Asked, Random], Asked]


def flip_bits(asked: Asked, source: Random) -> Asked:
    """Some bits of the body the other way round."""
    body = bytearray(asked.body)
    for _ in range(source.randint(1, 8) if body else 0):
        body[source.randrange(len(body))] ^= 1 << source.randrange(8)
    return replace(asked, body=bytes(body))


def truncate(asked: Asked, source: Random) -> Asked:
    """The body's beginning, or its end."""
    at = source.randint(0, len(asked.body))
    return replace(asked, body=asked.body[:at] if source.random() < 0.7 else asked.body[at:])


def insert_noise(asked: Asked, source: Random) -> Asked:
    """Bytes that do not belong there: NUL, halves of characters, line ends, any."""
    noise = source.choice(
        [
            b"\0",
            b"\xff\xfe",
            b"\xed\xa0\x80",
            b"\r\n\r\n",
            b"\\ud800",
            b"\\u0000",
            source.randbytes(source.randint(1, 60)),
        ]
    )
    at = source.randint(0, len(asked.body))
    return replace(asked, body=asked.body[:at] + noise * source.choice([1, 1, 1, 50]) + asked.body[at:])


def double_a_piece(asked: Asked, source: Random) -> Asked:
    """A piece of the body twice or many times: keys, elements, parts."""
    if not asked.body:
        return asked
    at = source.randrange(len(asked.body))
    piece = asked.body[at : at + source.randint(1, 200)]
    return replace(asked, body=asked.body[:at] + piece * source.choice([2, 2, 3, 100]) + asked.body[at + len(piece) :])


def change_json(asked: Asked, source: Random) -> Asked:
    """Another value, key or nesting somewhere in a JSON body, documents inside of texts included."""
    try:
        value = json.loads(asked.body)
    except (ValueError, RecursionError):
        return flip_bits(asked, source)
    for _ in range(source.randint(1, 3)):
        value = changed_value(value, source)
    text = json.dumps(value, ensure_ascii=source.random() < 0.5)
    return replace(asked, body=text.encode("utf-8", "surrogatepass"))


def changed_value(value: Any, source: Random) -> Any:
    """`value` with one change at a random place."""
    if isinstance(value, dict) and value and source.random() < 0.85:
        key = source.choice(list(value))
        kind = source.random()
        if kind < 0.12:
            return {name: other for name, other in value.items() if name != key}
        if kind < 0.2:
            return value | {source.choice(ODD_TEXTS): value[key]}
        return value | {key: changed_value(value[key], source)}
    if isinstance(value, list) and value and source.random() < 0.8:
        at = source.randrange(len(value))
        if source.random() < 0.1:
            return value * source.choice([0, 2, 60])
        return [*value[:at], changed_value(value[at], source), *value[at + 1 :]]
    if isinstance(value, str) and value[:1] in "{[" and source.random() < 0.9:
        try:
            inner = json.loads(value)
        except ValueError:
            return source.choice(ODD_VALUES)
        return json.dumps(changed_value(inner, source), ensure_ascii=source.random() < 0.5)
    if source.random() < 0.05:
        deep = source.choice([30, 300, 3000])
        return json.loads("[" * min(deep, 900) + "]" * min(deep, 900))
    return source.choice(ODD_VALUES)


def nest_deep(asked: Asked, source: Random) -> Asked:
    """Brackets inside each other, in JSON or XML."""
    depth = source.choice([100, 1000, 20_000])
    opening, closing = source.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"(", b")")])
    core = b"1" if opening == b'{"a":' else b""
    return replace(asked, body=opening * depth + core + closing * source.choice([depth, 0, depth - 1]))


def change_xml(asked: Asked, source: Random) -> Asked:
    """An entity, another attribute, a doubled or lost element, or a declaration that lies, in XML (in a part of a form too)."""
    body = asked.body
    tags = list(re.finditer(rb"<[^>]{1,200}>", body))
    if not tags:
        return insert_noise(asked, source)
    tag = source.choice(tags)
    names = [
        b"&e;",
        b"&lt",
        b"&#0;",
        b"&#xD800;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"<?x",
        b'<a b="' + b"c" * 20_000 + b'"/>',
    ]
    new = source.choice(
        [
            b"",
            tag[0] * 2,
            tag[0].replace(b">", b' xmlns:z="u" z:a="&quot;">', 1),
            b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + tag[0],
            b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + tag[0],
            b'<?xml version="1.0" encoding="utf-16"?>' + tag[0],
            *(tag[0] + name for name in names),
        ]
    )
    return replace(asked, body=body[: tag.start()] + new + body[tag.end() :])


def change_form(asked: Asked, source: Random) -> Asked:
    """Another field in a form: an odd value, its name doubled or lost, or a file in the place of a text."""
    if b"=" in asked.body and not asked.body.startswith(b"--"):
        fields = asked.body.split(b"&")
        at = source.randrange(len(fields))
        name = fields[at].partition(b"=")[0]
        odd = quote(source.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")).encode()
        new = source.choice([name + b"=" + odd, fields[at] + b"&" + fields[at], b"", b"%zz=%", name, b"&" * 2000])
        return replace(asked, body=b"&".join([*fields[:at], new, *fields[at + 1 :]]))
    swaps = [
        (b'filename="', b'filename="../../'),
        (b'name="', b'name="\0'),
        (b'filename="', b"filename*=utf-8''%ff; x=\""),
        (b"Content-Disposition", b"Content-Dispositioz"),
        (b"\r\n\r\n", b"\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
        (b"\r\n\r\n", b"\n"),
        (b"--", b"-"),
    ]
    old, new = source.choice(swaps)
    return replace(asked, body=asked.body.replace(old, new, source.choice([1, 1, 5])))


def pack(asked: Asked, source: Random) -> Asked:
    """The body as gzip: right, cut off, twice, a bomb, of another kind, or only said to be."""
    packed = gzip.compress(asked.body, mtime=0)
    body = source.choice(
        [
            packed,
            packed[: len(packed) // 2],
            gzip.compress(packed, mtime=0),
            GZIP_BOMB,
            zlib.compress(asked.body),
            asked.body,
            packed * 3,
        ]
    )
    return replace(asked, body=body).with_header("Content-Encoding", "gzip")


def change_type(asked: Asked, source: Random) -> Asked:
    """Another Content-Type."""
    return asked.with_header("Content-Type", source.choice(TYPES))


def change_header(asked: Asked, source: Random) -> Asked:
    """A header that is odd, or one less."""
    if asked.headers and source.random() < 0.25:
        lost = source.randrange(len(asked.headers))
        return replace(asked, headers=asked.headers[:lost] + asked.headers[lost + 1 :])
    return asked.with_header(*source.choice(ODD_HEADERS))


def with_end(asked: Asked) -> Asked:
    """The request with a body that ends in each reading, where a header lies about its end: nothing is waited for, nothing left over."""
    if asked.header("Transfer-Encoding"):
        return replace(asked, body=b"0\r\n\r\n")
    return replace(asked, body=b"") if asked.header("Content-Length") else asked


def change_target(asked: Asked, source: Random) -> Asked:
    """Another address: an odd part, an odd argument, a part less or more."""
    path, mark, query = asked.target.partition("?")
    odd = quote(source.choice([*ODD_TEXTS, "9" * 30, "-1", "0", ".", ".."]).encode("utf-8", "surrogatepass"), safe="")
    parts = path.split("/")
    at = source.randrange(1, len(parts)) if len(parts) > 1 else 0
    kind = source.random()
    if query and kind < 0.5:
        arguments = query.split("&")
        which = source.randrange(len(arguments))
        name = arguments[which].partition("=")[0]
        arguments[which] = source.choice(
            [f"{name}={odd}", f"{name}", f"{arguments[which]}&{arguments[which]}", f"{odd}=1", "%zz"]
        )
        return replace(asked, target=f"{path}?{'&'.join(arguments)}")
    if kind < 0.8:
        parts[at] = source.choice([odd, "", parts[at] + odd, odd + parts[at]])
    elif kind < 0.9:
        parts.insert(at, odd)
    else:
        return replace(asked, target=f"{path}?{'a=1&' * 1500}{query}"[:4000])
    return replace(asked, target=("/".join(parts)[:3900] or "/") + mark + query)


def change_method(asked: Asked, source: Random) -> Asked:
    """Another method."""
    return replace(
        asked, method=source.choice(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "TRACE"])
    )


#: How often each way is taken, where there is a body.
WAYS: dict[Mutation, int] = {
    change_json: 30, flip_bits: 12, truncate: 8, insert_noise: 12, double_a_piece: 6, nest_deep: 3, change_xml: 12, change_form: 12,
    pack: 5, change_type: 6, change_header: 10, change_target: 8, change_method: 2,
}  # fmt: skip
#: And where there is none.
BARE_WAYS: dict[Mutation, int] = {
    change_header: 10,
    change_target: 20,
    change_method: 2,
    insert_noise: 2,
    change_type: 1,
    nest_deep: 1,
}


def spoil(asked: Asked, source: Random) -> Asked:
    """The request, spoiled in one to three ways that fit its body."""
    ways = dict(WAYS if asked.body else BARE_WAYS)
    is_form = asked.body.startswith(b"--") or asked.header("Content-Type").startswith("application/x-www-form")
    for way, fits in (
        (change_json, asked.body[:1] in (b"{", b"[")),
        (change_xml, b"<" in asked.body),
        (change_form, is_form),
    ):
        if not fits:
            ways.pop(way, None)
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        [way] = source.choices(list(ways), list(ways.values()))
        asked = way(asked, source)
    return with_end(asked)
