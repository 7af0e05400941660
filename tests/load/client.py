"""A small HTTP client for loopback: many connections in one thread, so that it takes little of the machine."""

import selectors
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

Ask = Callable[[], bytes]  # the next request of one connection
HEAD_ENDS = b"\r\n\r\n"
WITHOUT_BODY = (b"204", b"304")


@dataclass(frozen=True)
class Answer:
    """One response, and how many bytes of it were on the wire."""

    status: int
    head: bytes
    body: bytes

    @property
    def wire(self) -> int:
        return len(self.head) + len(HEAD_ENDS) + len(self.body)

    def header(self, name: str) -> str:
        """The first header of this name; empty if there is none."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        pairs = (line.partition(":") for line in self.head.decode().split("\r\n")[1:])
        return [value.strip() for given, _colon, value in pairs if given.lower() == name.lower()]


@dataclass
class Measured:
    """What many connections met. Seconds."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds

    def wait(self, percent: float) -> float:
        """The wait in ms that so many percent of the requests stayed below."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(
            self.seconds + other.seconds, self.waits + other.waits, self.statuses + other.statuses
        )


def request(path: str, *, cookies: str = "", form: str | None = None, **headers: str) -> bytes:
    """A request as it goes over the wire; a POST where there is a ``form`` (urlencoded)."""
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form.encode())}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + (form or "")).encode()


def ask_once(port: int, wanted: bytes) -> Answer:
    """One request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(wanted)
        received = b""
        while (length := whole_length(received)) is None or len(received) < length:
            more = connection.recv(1 << 16)
            if not more:
                raise ConnectionError(f"the server hung up after {len(received)} bytes")
            received += more
    head, _, body = received.partition(HEAD_ENDS)
    return Answer(int(head[9:12]), head, body)


def whole_length(received: bytes) -> int | None:
    """How long a response is with its body; None while its head is incomplete."""
    end = received.find(HEAD_ENDS)
    if end < 0:
        return None
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if head[9:12] in WITHOUT_BODY or at < 0:
        return end + len(HEAD_ENDS)
    return end + len(HEAD_ENDS) + int(head[at + 17 :].split(b"\r\n", 1)[0])


class _Connection:
    """One keep-alive connection that asks, waits and asks again."""

    def __init__(self, port: int, ask: Ask) -> None:
        self._port, self._ask = port, ask
        self.socket = self._connected()
        self._received, self._asked_at = b"", 0.0

    def ask(self) -> None:
        self._received, self._asked_at = b"", perf_counter()
        self.socket.sendall(self._ask())

    def read(self, measured: Measured) -> bool:
        """Take what has come; True when the response is whole. A connection that was closed counts as status 0."""
        more = self.socket.recv(1 << 16)
        self._received += more
        length = whole_length(self._received)
        if more and (length is None or len(self._received) < length):
            return False
        measured.waits.append(perf_counter() - self._asked_at)
        measured.statuses[int(self._received[9:12]) if more else 0] += 1
        return True

    def again(self) -> socket.socket:
        """A new connection in the place of one that was closed."""
        self.socket.close()
        self.socket = self._connected()
        return self.socket

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


def hammer(port: int, asks: Sequence[Ask], seconds: float) -> Measured:
    """One connection for each of ``asks``, each asking again as soon as it is answered."""
    measured, begun = Measured(), perf_counter()
    with selectors.DefaultSelector() as waiting:
        for ask in asks:
            connection = _Connection(port, ask)
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        while waiting.get_map():
            for key, _events in waiting.select(timeout=60) or _nobody():
                _serve(waiting, key.data, measured, more=perf_counter() - begun < seconds)
    measured.seconds = perf_counter() - begun
    return measured


def _serve(
    waiting: selectors.BaseSelector, connection: _Connection, measured: Measured, *, more: bool
) -> None:
    closed_before = measured.statuses[0]
    if not connection.read(measured):
        return
    if not more:
        waiting.unregister(connection.socket)
        connection.socket.close()
        return
    if measured.statuses[0] > closed_before:
        waiting.unregister(connection.socket)
        waiting.register(connection.again(), selectors.EVENT_READ, connection)
    connection.ask()


def _nobody() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("no answer for a minute")
