"""One message over HTTP: to an address that was looked up and judged before, without following redirects."""

import http.client
import socket
import ssl
from contextlib import suppress
from threading import Timer

from collector.webhooks.addresses import Goal, Refused, resolve

#: Seconds for a try as a whole, whatever the other side does.
TIMEOUT_S = 10


class Pinned(http.client.HTTPConnection):
    """A connection to an address that was judged, under the name that it was looked up by; with TLS the name is checked."""

    def __init__(self, goal: Goal, address: str) -> None:
        super().__init__(goal.host, goal.port, timeout=TIMEOUT_S)
        self._goal, self._address = goal, address
        #: Whether time was up.
        self.is_cut = False

    def connect(self) -> None:
        """Connect to the judged address, not to what the name means by now."""
        plain = socket.create_connection((self._address, self._goal.port), TIMEOUT_S)
        self.sock = plain
        if self._goal.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._goal.host)

    def cut(self) -> None:
        """End the connection from another thread, whoever waits on it. That is noted first: they wake up at once."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(goal: Goal, body: bytes, headers: dict[str, str], *, allows_private: bool) -> int:
    """Send a message. Gives the status of the answer, whose body nobody reads. Raises Refused when there is none."""
    connection = Pinned(goal, resolve(goal, allows_private=allows_private))
    timer = Timer(TIMEOUT_S, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", goal.path, body, {"Host": goal.host_header, "Connection": "close"} | headers)
        status = connection.getresponse().status
        if connection.is_cut:
            # What was cut off in the middle looks like an answer that ended early.
            raise TimeoutError
        return status
    except TimeoutError:
        raise Refused("timeout") from None
    except ssl.SSLError:
        raise Refused("tls") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Refused("timeout" if connection.is_cut else "no_answer") from None
    finally:
        timer.cancel()
        connection.close()
