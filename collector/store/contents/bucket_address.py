"""FILES_URL: where files lie, as whoever sets the server up writes it."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

#: How it has to look, for messages.
EXPECTED = "s3://bucket/prefix?endpoint=https://…&region=…"
BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9!_.*'()/-]*")


@dataclass(frozen=True)
class BucketAddress:
    """A bucket of an S3-compatible store. `prefix`: before the names of all objects, "" for none; `endpoint`, `region`: None for AWS's."""

    bucket: str
    prefix: str
    endpoint: str | None
    region: str | None


def read_address(text: str) -> BucketAddress:
    """The bucket that FILES_URL names. Raises ValueError that says what is wrong with it, without its text: passwords may stand there."""
    try:
        parts = urlsplit(text)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        endpoint = urlsplit(dict(given).get("endpoint", ""))
        fault = _fault_of(parts, given) or (_fault_of_endpoint(endpoint) if "endpoint" in dict(given) else None)
    except ValueError:
        fault = "cannot be read as an address"
    if fault:
        raise ValueError(f"FILES_URL {fault}. It looks like {EXPECTED}; leave it out to keep files in the data folder.")
    options = dict(given)
    return BucketAddress(
        parts.netloc,
        parts.path.strip("/"),
        options.get("endpoint", "").rstrip("/") or None,
        options.get("region") or None,
    )


def _fault_of(parts: SplitResult, given: list[tuple[str, str]]) -> str | None:
    if parts.scheme != "s3":
        return "does not begin with s3://"
    if "@" in parts.netloc:
        return "holds a name or password: they belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if not BUCKET_NAME.fullmatch(parts.netloc):
        return "names no bucket that could be"
    if parts.fragment or not PREFIX.fullmatch(parts.path):
        return "has characters in its prefix that not every store takes"
    unknown = [name for name, _ in given if name not in ("endpoint", "region")]
    if unknown or len(dict(given)) < len(given):
        return "takes endpoint and region after its “?”, each once, and nothing else"
    return None


def _fault_of_endpoint(endpoint: SplitResult) -> str | None:
    # A port that is no number shows when it is asked for.
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.port == 0:
        return "needs an endpoint that begins with http:// or https://"
    if "@" in endpoint.netloc:
        return "holds a name or password: they belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if endpoint.query or endpoint.fragment:
        return "needs an endpoint without “?” and “#”"
    return None
