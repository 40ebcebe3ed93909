"""Which addresses messages may be sent to: never into the server's own network, unless whoever runs it says so."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from collector.errors import CollectorError

MAX_URL = 2000
_LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
#: An address: a name or an IPv4 address, perhaps a port, and a path of what addresses are written in (RFC 3986), without a fragment.
URL = rf"^https?://{_LABEL}(\.{_LABEL}){{0,20}}(:{_PORT})?([/?][!\"$-\[\]-~]*)?$"
#: Where IPv4 addresses stand in IPv6 ones (RFC 6052, section 2.1): the network that such a gateway leads to decides.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: What no release of Python here takes for special, and is (IANA, IPv4 and IPv6 Special-Purpose Address Registries; RFC 3879, section 4):
#: protocol assignments, 6to4 relays, site-local addresses, documentation; and where Azure's machines ask for their own secrets.
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20")
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """A message cannot be sent to an address; the argument says why in a word."""


@dataclass(frozen=True)
class Goal:
    """An address taken apart. `path` has the query with it."""

    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The header Host: the port is named only where it is not the scheme's own (RFC 9110, section 7.2)."""
        is_usual = self.port == (443 if self.is_secure else 80)
        return self.host if is_usual else f"{self.host}:{self.port}"


def read_url(url: str) -> Goal:
    """Take a webhook's address apart. Raises CollectorError `webhook_url` for what is none."""
    if len(url) > MAX_URL or not re.fullmatch(URL, url):
        raise CollectorError("webhook_url")
    parts = urlsplit(url)
    is_secure = parts.scheme.lower() == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Goal(is_secure, parts.hostname or "", parts.port or (443 if is_secure else 80), path)


def check_url(url: str, *, allows_private: bool) -> Goal:
    """The same for an address that somebody gives. Raises CollectorError `webhook_private` for one that is plainly in a private network.

    What a name leads to is looked up whenever a message is sent: it can change.
    """
    goal = read_url(url)
    try:
        literal = ipaddress.ip_address(goal.host)
    except ValueError:
        is_private = goal.host == "localhost" or goal.host.endswith(".localhost")
    else:
        is_private = not is_public(literal)
    if is_private and not allows_private:
        raise CollectorError("webhook_private")
    return goal


def resolve(goal: Goal, *, allows_private: bool) -> str:
    """The address to connect to. Raises Refused: `unknown_host`, or `private` where any address of that name is not public."""
    try:
        found = socket.getaddrinfo(goal.host, goal.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("unknown_host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise Refused("unknown_host")
    if not allows_private and not all(is_public(ipaddress.ip_address(text.partition("%")[0])) for text in addresses):
        raise Refused("private")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open Internet: not private, loopback, link-local, reserved or multicast."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    is_special = any(address in network for network in _SPECIAL)
    return address.is_global and not (address.is_multicast or address.is_reserved or is_special)
