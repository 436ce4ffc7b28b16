"""A port's web server on the loopback interface, as good and as bad as real ones are.

Belongs here: what it answers and what it remembers of what it was asked. Does not belong here: any test.
"""

import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLOSED_S = 5.0
DRIP_S = 0.1


@dataclass(frozen=True)
class Reply:
    """One prepared answer. fault: stall, drip (the body), drip headers, or cut off (half of the body is sent)."""

    code: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def page(body: str | bytes, **headers: str) -> Reply:
    """A page as it should be; headers by their names with _ for -, such as ETag or Last_Modified."""
    content = body.encode() if isinstance(body, str) else body
    return Reply(200, content, {name.replace("_", "-"): value for name, value in headers.items()})


def gzipped(body: bytes) -> Reply:
    """A page that comes as gzip."""
    return Reply(200, gzip.compress(body), {"Content-Encoding": "gzip"})


def redirect(to: str) -> Reply:
    return Reply(302, headers={"Location": to})


class PortServer(ThreadingHTTPServer):
    """Answers each path with its next prepared answer, the last one for ever. Any other path is 404, robots.txt too."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers: dict[str, list[Reply]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self.connections = 0
        self.scheme, self.host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.host}:{self.server_port}{path}"


class _Answering(BaseHTTPRequestHandler):
    server: PortServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items())))
        prepared = self.server.answers.get(self.path, [Reply(404)])
        reply = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        if reply.fault == "stall":
            self.server.closing.wait(CLOSED_S)
            self.close_connection = True
        elif reply.fault.startswith("drip"):
            self._drip(b"HTTP/1.1 200 OK\r\n" + (b"" if reply.fault == "drip headers" else b"\r\n"))
        elif reply.code == 200 and self._is_known(reply):
            self._send(Reply(304, headers=reply.headers))
        else:
            self._send(reply)

    def _is_known(self, reply: Reply) -> bool:
        """By RFC 9110 a tag decides alone, and a date where there is none."""
        if "If-None-Match" in self.headers:
            return self.headers["If-None-Match"] == reply.headers.get("ETag")
        return "If-Modified-Since" in self.headers and self.headers["If-Modified-Since"] == reply.headers.get(
            "Last-Modified"
        )

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.code)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.code != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.fault == "cut off":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif reply.code != 304:
            self.wfile.write(reply.body)

    def _drip(self, first: bytes) -> None:
        self.close_connection = True
        self.wfile.write(first)
        while not self.server.closing.wait(DRIP_S):
            self.wfile.write(b".")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[PortServer]:
    """A server that answers until the block ends."""
    server = PortServer(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
