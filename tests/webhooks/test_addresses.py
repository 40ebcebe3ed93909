"""Where messages may go."""

import ipaddress

import pytest

from collector.errors import CollectorError
from collector.store import utc_now
from collector.webhooks.addresses import Goal, Refused, check_url, is_public, read_url, resolve
from collector.webhooks.schedule import GIVEN_UP_AFTER, WAITS, next_try


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org", "http://", "https:///x", "http://a b", "http://user:pw@example.org", "http://x#y",
     "http://example.org:0", "http://example.org:99999", "http://example.org:x", "http://[::1]/", "http://a..b/", "http://-a.org/", "http://ex\nample.org", "file:///etc/passwd",
     "http://example.org\\@127.0.0.1", "https://例.org/", "http://" + "a" * 70 + ".org", "http://example.org/" + "x" * 3000],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CollectorError) as caught:
        read_url(url)
    assert caught.value.code == "webhook_url"


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "header"),
    [
        ("https://example.org", "example.org", 443, "/", "example.org"),
        ("http://Example.org:8080/in?a=1", "example.org", 8080, "/in?a=1", "example.org:8080"),
        ("https://example.org:443/x", "example.org", 443, "/x", "example.org"),
        ("http://example.org?a=1", "example.org", 80, "/?a=1", "example.org"),
    ],
)
def test_addresses(url: str, host: str, port: int, path: str, header: str) -> None:
    goal = read_url(url)
    assert (goal.host, goal.port, goal.path, goal.host_header) == (host, port, path, header)


PRIVATE = (
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "192.0.0.192", "192.88.99.1", "168.63.129.16", "fec0::1", "3fff::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(Refused, match="private"):
        resolve(Goal(False, address, 80, "/"), allows_private=False)


def test_a_private_address_is_told_at_once() -> None:
    for host in ("127.0.0.1", "192.168.1.1", "localhost", "a.localhost"):
        with pytest.raises(CollectorError) as caught:
            check_url(f"http://{host}/", allows_private=False)
        assert caught.value.code == "webhook_private"


def test_public_addresses_are_taken() -> None:
    for address in ("8.8.8.8", "2001:4860:4860::8888"):
        assert is_public(ipaddress.ip_address(address))
    assert resolve(read_url("http://8.8.8.8/"), allows_private=False) == "8.8.8.8"
    assert check_url("https://example.org/", allows_private=False).is_secure


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://a.localhost/", "http://2130706433/", "http://0x7f.1/", "http://127.1/"]
)
def test_names_and_spellings_of_this_machine(url: str) -> None:
    """However it is written: what the name leads to decides."""
    with pytest.raises((CollectorError, Refused)):
        resolve(check_url(url, allows_private=False), allows_private=False)


def test_private_addresses_are_taken_where_the_settings_say_so() -> None:
    assert resolve(check_url("http://127.0.0.1:1/", allows_private=True), allows_private=True) == "127.0.0.1"


def test_tries_are_made_ever_later_and_end() -> None:
    now = utc_now()
    spans = [next_try(attempts, now, now) for attempts in range(1, 10)]
    assert [moment - now for moment in spans if moment] == [*WAITS, WAITS[-1], WAITS[-1]]
    assert next_try(3, now - GIVEN_UP_AFTER, now) is None
