"""Pages over the network, against a real server on the loopback interface."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestration.errors import CorridorError
from orchestration.throughput import http
from orchestration.throughput.source import Manners, PageMissingError

HASTY = Manners(connect_s=1.0, read_s=0.2, total_s=0.6, attempts=3, first_wait_s=0.01, max_bytes=1_000)


class PortServer(ThreadingHTTPServer):
    """Answers each path with its next prepared answer, the last one for ever, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, answers: dict[str, list[int | str]]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers = answers
        self.asked: list[str] = []
        self.user_agents: set[str] = set()
        self.closing = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answering(BaseHTTPRequestHandler):
    server: PortServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.user_agents.add(self.headers["User-Agent"])
        prepared = self.server.answers[self.path]
        answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        if answer == "stall":
            self.server.closing.wait(5)
        elif answer == "drip":
            self._drip()
        elif answer == "cut off":
            self._send(200, b"half a page", length=1_000)
        elif isinstance(answer, str) and answer.startswith("/"):
            self._send(302, b"", location=answer)
        elif isinstance(answer, str):
            self._send(200, answer.encode())
        else:
            self._send(answer, b"an error page")

    def _send(self, code: int, body: bytes, length: int | None = None, location: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(length or len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.wait(0.1):
            self.wfile.write(b".")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def port() -> Iterator[PortServer]:
    server = PortServer({})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def get(server: PortServer, path: str) -> bytes:
    with http.open_client("secretariat@example.org", HASTY) as client:
        return http.get(client, server.url(path), HASTY)[0]


def test_a_page_comes_with_what_the_server_said_and_the_server_learns_who_asks(port: PortServer) -> None:
    port.answers["/page"] = ["figures"]
    with http.open_client("secretariat@example.org", HASTY) as client:
        content, headers = http.get(client, port.url("/page"), HASTY)
    assert content == b"figures"
    assert headers["content-length"] == "7"
    assert port.user_agents == {"corridor-warehouse (public port statistics; contact: secretariat@example.org)"}


@pytest.mark.parametrize("fault", [500, 503, "stall", "drip"])
def test_a_passing_fault_is_asked_again(port: PortServer, fault: int | str) -> None:
    port.answers["/page"] = [fault, fault, "figures"]
    assert get(port, "/page") == b"figures"
    assert port.asked == ["/page"] * 3


@pytest.mark.parametrize(("fault", "said"), [(500, "the server answered 500"), ("stall", "did not answer in time")])
def test_a_fault_that_stays_is_given_up(port: PortServer, fault: int | str, said: str) -> None:
    port.answers["/page"] = [fault]
    with pytest.raises(CorridorError, match=rf"/page could not be read: .*{said}, asked 3 times\."):
        get(port, "/page")
    assert len(port.asked) == 3


@pytest.mark.parametrize("code", [403, 429])
def test_a_refusal_is_obeyed_at_once(port: PortServer, code: int) -> None:
    port.answers["/page"] = [code, "figures"]
    with pytest.raises(CorridorError, match=f"the server answered {code}, which asks us to stop") as refusal:
        get(port, "/page")
    assert not isinstance(refusal.value, PageMissingError)
    assert port.asked == ["/page"]


def test_a_missing_page_is_asked_for_once(port: PortServer) -> None:
    port.answers["/page"] = [404]
    with pytest.raises(PageMissingError, match="the server answered 404"):
        get(port, "/page")
    assert port.asked == ["/page"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("x" * 1_001, "larger than 1,000 bytes"),
        ("/page", "more than 5 redirects"),
        ("cut off", "without sending complete message body"),
        (304, "the server answered 304, expected 200"),
    ],
)
def test_what_is_no_whole_page_is_not_taken_for_one(port: PortServer, answer: int | str, said: str) -> None:
    port.answers["/page"] = [answer]
    with pytest.raises(CorridorError, match=said):
        get(port, "/page")


def test_a_redirect_is_followed(port: PortServer) -> None:
    port.answers |= {"/old": ["/new"], "/new": ["figures"]}
    assert get(port, "/old") == b"figures"


def test_a_server_that_is_not_there_is_named(port: PortServer) -> None:
    closed = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    address = f"http://127.0.0.1:{closed.server_port}/page"
    closed.server_close()
    with http.open_client("secretariat@example.org", HASTY) as client, pytest.raises(CorridorError, match=address):
        http.get(client, address, HASTY)
