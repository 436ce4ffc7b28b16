"""Pages over the network, against a real server on the loopback interface."""

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.source import Manners, PageMissingError
from orchestration.throughput.web_client import Web
from tests.support.port_server import PortServer, Reply, packed, page, redirect, serving

HASTY = Manners(
    connect_s=1.0, read_s=0.2, total_s=0.4, attempts=3, first_wait_s=0.01, pause_s=0, max_wait_s=1.5, max_bytes=1_000
)
CONTACT = "secretariat@example.org"
FIGURES = page("figures")


@pytest.fixture
def port() -> Iterator[PortServer]:
    with serving() as server:
        yield server


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(HASTY) as web:
        yield web


def get(web: Web, server: PortServer, path: str) -> bytes:
    answer = web.get(server.url(path), CONTACT)
    assert answer is not None
    return answer.content


def test_a_page_comes_with_what_the_server_said_and_the_server_learns_who_asks(web: Web, port: PortServer) -> None:
    port.answers["/page"] = [page("figures", ETag='"v1"', Set_Cookie="who=you")]
    answer = web.get(port.url("/page"), "Hafenbüro <hafen@example.org>")
    assert answer
    assert answer.content == b"figures"
    assert (answer.headers["content-length"], answer.headers["etag"], "set-cookie" in answer.headers) == (
        "7",
        '"v1"',
        False,
    )
    told = {headers["User-Agent"].encode("latin-1").decode() for _, headers in port.requests}
    assert told == {"corridor-warehouse (public port statistics; contact: Hafenbüro <hafen@example.org>)"}


def test_a_page_that_is_as_it_was_is_not_sent_again(web: Web, port: PortServer) -> None:
    dated = "Sat, 28 Feb 2026 12:00:00 GMT"
    port.answers |= {"/tagged": [page("figures", ETag='W/"v1"')], "/dated": [page("figures", Last_Modified=dated)]}
    assert web.get(port.url("/tagged"), CONTACT, {"If-None-Match": 'W/"v1"', "If-Modified-Since": dated}) is None
    assert web.get(port.url("/dated"), CONTACT, {"If-Modified-Since": dated}) is None
    changed = web.get(port.url("/tagged"), CONTACT, {"If-None-Match": '"v0"'})
    assert changed
    assert (changed.content, changed.headers["etag"]) == (b"figures", 'W/"v1"')


def test_one_connection_serves_all_pages_of_a_host(web: Web, port: PortServer) -> None:
    port.answers |= {f"/{number}": [page("figures", ETag='"v1"')] for number in range(3)}
    port.answers["/robots.txt"] = [page("")]
    for number in range(3):
        get(web, port, f"/{number}")
        assert web.get(port.url(f"/{number}"), CONTACT, {"If-None-Match": '"v1"'}) is None
    assert (len(port.asked), port.connections) == (6, 1)


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(503), Reply(fault="stall"), Reply(fault="drip"), Reply(fault="drip headers")]
)
def test_a_passing_fault_is_asked_again(web: Web, port: PortServer, fault: Reply) -> None:
    port.answers["/page"] = [fault, fault, FIGURES]
    assert get(web, port, "/page") == b"figures"
    assert port.asked == ["/page"] * 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Reply(500), "the server answered 500"),
        (Reply(fault="stall"), "did not answer in time"),
        (Reply(fault="drip headers"), r"not complete within 0\.4 s"),
    ],
)
def test_a_fault_that_stays_is_given_up(web: Web, port: PortServer, fault: Reply, said: str) -> None:
    port.answers["/page"] = [fault]
    with pytest.raises(CorridorError, match=rf"/page could not be read: .*{said}, asked 3 times\."):
        get(web, port, "/page")
    assert len(port.asked) == 3


def test_a_server_is_not_asked_before_it_wants_to_be(web: Web, port: PortServer) -> None:
    port.answers["/page"] = [Reply(503, headers={"Retry-After": "1"}), FIGURES]
    started = time.monotonic()
    assert get(web, port, "/page") == b"figures"
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_wants_a_longer_rest_is_left_for_this_run(web: Web, port: PortServer, form: str) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    later = "3600" if form == "seconds" else in_an_hour
    port.answers["/page"] = [Reply(503, headers={"Retry-After": later}), FIGURES]
    with pytest.raises(CorridorError, match=r"the server answered 503, come back in 3[56]\d\d s"):
        get(web, port, "/page")
    assert port.asked == ["/page"]


@pytest.mark.parametrize("code", [403, 429])
def test_a_refusal_is_obeyed_at_once_and_for_every_page_of_the_host(web: Web, port: PortServer, code: int) -> None:
    port.answers |= {"/page": [Reply(code, headers={"Retry-After": "60"}), FIGURES], "/other": [FIGURES]}
    with pytest.raises(CorridorError, match=f"the server answered {code}, which asks us to stop for 60 s") as refusal:
        get(web, port, "/page")
    assert not isinstance(refusal.value, PageMissingError)
    with pytest.raises(CorridorError, match=rf"/other was not asked for: .*/page .* answered {code}"):
        get(web, port, "/other")
    assert port.asked == ["/page"]


@pytest.mark.parametrize("code", [404, 410])
def test_a_missing_page_is_asked_for_once(web: Web, port: PortServer, code: int) -> None:
    port.answers["/page"] = [Reply(code)]
    with pytest.raises(PageMissingError, match=f"the server answered {code}"):
        get(web, port, "/page")
    assert port.asked == ["/page"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page("x" * 1_001), "larger than 1,000 bytes"),
        (packed(b"x" * 50_000_000), "larger than 1,000 bytes"),
        (redirect("/page"), "more than 5 redirects"),
        (Reply(body=b"half a page", fault="cut off"), "without sending complete message body"),
        (Reply(body=packed(b"figures").body[:-6], headers={"Content-Encoding": "gzip"}), "its end is missing"),
        (Reply(body=b"figures", headers={"Content-Encoding": "gzip"}), "it is no whole gzip"),
        (Reply(body=b"figures", headers={"Content-Encoding": "br"}), "packed as br, asked for as gzip or plain"),
        (redirect("ftp://127.0.0.1/page"), "http led to ftp://127.0.0.1/page, which is not followed"),
        (Reply(304), "the server answered 304, expected 200"),
        (Reply(401), "the server answered 401, expected 200"),
    ],
)
def test_what_is_no_whole_page_is_not_taken_for_one(web: Web, port: PortServer, answer: Reply, said: str) -> None:
    port.answers["/page"] = [answer]
    with pytest.raises(CorridorError, match=said):
        get(web, port, "/page")


def test_a_packed_page_is_unpacked(web: Web, port: PortServer) -> None:
    port.answers["/page"] = [packed(b"figures" * 100)]
    assert get(web, port, "/page") == b"figures" * 100


def test_a_redirect_is_followed_and_the_rules_of_the_other_host_hold(web: Web, port: PortServer) -> None:
    with serving() as other:
        port.answers |= {"/old": [redirect(other.url("/new"))], "/closed": [redirect(other.url("/private/page"))]}
        other.answers |= {
            "/new": [FIGURES],
            "/private/page": [FIGURES],
            "/robots.txt": [page("User-agent: *\nDisallow: /private/\n")],
        }
        assert get(web, port, "/old") == b"figures"
        with pytest.raises(CorridorError, match=r"robots\.txt of 127\.0\.0\.1 forbids it to corridor-warehouse"):
            get(web, port, "/closed")
        assert other.asked == ["/new"]


def test_a_connection_is_never_made_less_safe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: PortServer
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with serving(context) as safe:
        safe.answers |= {"/page": [FIGURES], "/moved": [redirect(port.url("/page"))]}
        with Web(HASTY) as web, pytest.raises(CorridorError, match=r"(?i)certificate"):
            get(web, safe, "/page")
        assert safe.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with Web(HASTY) as web:
            assert get(web, safe, "/page") == b"figures"
            with pytest.raises(
                CorridorError, match=r"https led to http://127\.0\.0\.1:\d+/page, which is not followed"
            ):
                get(web, safe, "/moved")
    assert port.requests == []


def test_robots_are_asked_once_and_obeyed(web: Web, port: PortServer) -> None:
    rules = "User-agent: corridor-warehouse\nDisallow: /drafts\n\nUser-agent: *\nDisallow: /\n"
    port.answers |= {"/robots.txt": [page("\ufeff" + rules)], "/page": [FIGURES], "/drafts/page": [FIGURES]}
    assert get(web, port, "/page") == b"figures"
    with pytest.raises(CorridorError, match=r"/drafts/page was not asked for: robots\.txt of 127\.0\.0\.1 forbids it"):
        get(web, port, "/drafts/page")
    assert [path for path, _ in port.requests] == ["/robots.txt", "/page"]


def test_a_rule_of_robots_may_hold_wildcards(web: Web, port: PortServer) -> None:
    port.answers |= {"/robots.txt": [page("User-agent: *\nDisallow: /*/draft$\n")], "/stats/page": [FIGURES]}
    assert get(web, port, "/stats/page") == b"figures"
    with pytest.raises(CorridorError, match=r"/stats/draft was not asked for"):
        get(web, port, "/stats/draft")


@pytest.mark.parametrize("answer", [Reply(404), Reply(401), page("<html>no such thing</html>")])
def test_robots_that_are_not_there_forbid_nothing(web: Web, port: PortServer, answer: Reply) -> None:
    port.answers |= {"/robots.txt": [answer], "/page": [FIGURES]}
    assert get(web, port, "/page") == b"figures"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(500), r"/robots\.txt could not be read: the server answered 500, asked 3 times\. Until it can be, "),
        (Reply(403), r"/robots\.txt could not be read: the server answered 403, which asks us to stop"),
    ],
)
def test_robots_that_cannot_be_read_forbid_everything(web: Web, port: PortServer, answer: Reply, said: str) -> None:
    port.answers |= {"/robots.txt": [answer], "/page": [FIGURES]}
    for _ in range(2):
        with pytest.raises(CorridorError, match=said):
            get(web, port, "/page")
    assert port.asked == []
    assert len(port.requests) == (3 if answer.code == 500 else 1)


def test_a_host_is_given_a_pause_and_the_one_it_asks_for(port: PortServer) -> None:
    port.answers |= {"/page": [FIGURES], "/robots.txt": [page("User-agent: *\nCrawl-delay: 1\n")]}
    with Web(Manners(pause_s=0.2)) as web:
        started = time.monotonic()
        get(web, port, "/page")
        assert 0.2 <= time.monotonic() - started < 1
        get(web, port, "/page")
        assert time.monotonic() - started >= 1.2


def test_a_server_that_is_not_there_is_named(web: Web) -> None:
    with serving() as closed:
        address = closed.url("/page")
    with pytest.raises(CorridorError, match=address.replace("/page", "/robots.txt")):
        web.get(address, CONTACT)
