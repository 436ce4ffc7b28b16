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
from orchestration.throughput.sources.source import PageMissingError, RequestPolicy
from orchestration.throughput.web_client import WebClient
from tests.support.port_server import PortServer, Reply, gzipped, page, redirect, serving

QUICK = RequestPolicy(
    connect_s=1.0, read_s=0.2, total_s=0.4, attempts=3, first_wait_s=0.01, pause_s=0, max_wait_s=1.5, max_bytes=1_000
)
CONTACT = "secretariat@example.org"
FIGURES = page("figures")


@pytest.fixture
def port() -> Iterator[PortServer]:
    with serving() as server:
        yield server


@pytest.fixture
def web() -> Iterator[WebClient]:
    with WebClient(QUICK) as web:
        yield web


def get(web: WebClient, server: PortServer, path: str) -> bytes:
    answer = web.get(server.url(path), CONTACT)
    assert answer is not None
    return answer.content


def test_answer_has_the_headers_and_the_request_names_the_contact(web: WebClient, port: PortServer) -> None:
    port.answers["/page"] = [page("figures", ETag='"v1"', Set_Cookie="who=you")]
    answer = web.get(port.url("/page"), "Hafenbüro <hafen@example.org>")
    assert answer
    assert answer.content == b"figures"
    assert (answer.headers["content-length"], answer.headers["etag"], "set-cookie" in answer.headers) == (
        "7",
        '"v1"',
        False,
    )
    reported = {headers["User-Agent"].encode("latin-1").decode() for _, headers in port.requests}
    assert reported == {"corridor-warehouse (public port statistics; contact: Hafenbüro <hafen@example.org>)"}


def test_unchanged_page_is_not_sent_again(web: WebClient, port: PortServer) -> None:
    dated = "Sat, 28 Feb 2026 12:00:00 GMT"
    port.answers |= {"/tagged": [page("figures", ETag='W/"v1"')], "/dated": [page("figures", Last_Modified=dated)]}
    assert web.get(port.url("/tagged"), CONTACT, {"If-None-Match": 'W/"v1"', "If-Modified-Since": dated}) is None
    assert web.get(port.url("/dated"), CONTACT, {"If-Modified-Since": dated}) is None
    changed = web.get(port.url("/tagged"), CONTACT, {"If-None-Match": '"v0"'})
    assert changed
    assert (changed.content, changed.headers["etag"]) == (b"figures", 'W/"v1"')


def test_one_connection_serves_all_pages_of_a_host(web: WebClient, port: PortServer) -> None:
    port.answers |= {f"/{number}": [page("figures", ETag='"v1"')] for number in range(3)}
    port.answers["/robots.txt"] = [page("")]
    for number in range(3):
        get(web, port, f"/{number}")
        assert web.get(port.url(f"/{number}"), CONTACT, {"If-None-Match": '"v1"'}) is None
    assert (len(port.asked), port.connections) == (6, 1)


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(503), Reply(fault="stall"), Reply(fault="drip"), Reply(fault="drip headers")]
)
def test_transient_fault_is_retried(web: WebClient, port: PortServer, fault: Reply) -> None:
    port.answers["/page"] = [fault, fault, FIGURES]
    assert get(web, port, "/page") == b"figures"
    assert port.asked == ["/page"] * 3


@pytest.mark.parametrize(
    ("fault", "fault_text"),
    [
        (Reply(500), "the server answered 500"),
        (Reply(fault="stall"), "did not answer in time"),
        (Reply(fault="drip headers"), r"not complete within 0\.4 s"),
    ],
)
def test_lasting_fault_is_reported_after_the_last_attempt(
    web: WebClient, port: PortServer, fault: Reply, fault_text: str
) -> None:
    port.answers["/page"] = [fault]
    with pytest.raises(CorridorError, match=rf"/page could not be read: .*{fault_text} \(3 attempts\)\."):
        get(web, port, "/page")
    assert len(port.asked) == 3


def test_retry_after_is_respected(web: WebClient, port: PortServer) -> None:
    port.answers["/page"] = [Reply(503, headers={"Retry-After": "1"}), FIGURES]
    started = time.monotonic()
    assert get(web, port, "/page") == b"figures"
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_server_with_a_long_retry_after_is_skipped_in_this_run(web: WebClient, port: PortServer, form: str) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    later = "3600" if form == "seconds" else in_an_hour
    port.answers["/page"] = [Reply(503, headers={"Retry-After": later}), FIGURES]
    with pytest.raises(CorridorError, match=r"the server answered 503 and asks to wait 3[56]\d\d s"):
        get(web, port, "/page")
    assert port.asked == ["/page"]


@pytest.mark.parametrize("code", [403, 429])
def test_refusal_applies_to_every_page_of_the_host(web: WebClient, port: PortServer, code: int) -> None:
    port.answers |= {"/page": [Reply(code, headers={"Retry-After": "60"}), FIGURES], "/other": [FIGURES]}
    with pytest.raises(CorridorError, match=f"the server answered {code}, which asks us to stop for 60 s") as refusal:
        get(web, port, "/page")
    assert not isinstance(refusal.value, PageMissingError)
    with pytest.raises(CorridorError, match=rf"/other was not requested: .*/page .* answered {code}"):
        get(web, port, "/other")
    assert port.asked == ["/page"]


@pytest.mark.parametrize("code", [404, 410])
def test_missing_page_is_requested_once(web: WebClient, port: PortServer, code: int) -> None:
    port.answers["/page"] = [Reply(code)]
    with pytest.raises(PageMissingError, match=f"the server answered {code}"):
        get(web, port, "/page")
    assert port.asked == ["/page"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page("x" * 1_001), "larger than 1,000 bytes"),
        (gzipped(b"x" * 50_000_000), "larger than 1,000 bytes"),
        (redirect("/page"), "more than 5 redirects"),
        (Reply(body=b"half a page", fault="cut off"), "without sending complete message body"),
        (
            Reply(body=gzipped(b"figures").body[:-6], headers={"Content-Encoding": "gzip"}),
            "its gzip content is incomplete",
        ),
        (Reply(body=b"figures", headers={"Content-Encoding": "gzip"}), "its gzip content is damaged"),
        (Reply(body=b"figures", headers={"Content-Encoding": "br"}), "it is compressed as br; expected gzip or none"),
        (redirect("ftp://127.0.0.1/page"), "http redirected to ftp://127.0.0.1/page, which is less safe"),
        (Reply(304), "the server answered 304, expected 200"),
        (Reply(401), "the server answered 401, expected 200"),
    ],
)
def test_incomplete_page_is_an_error(web: WebClient, port: PortServer, answer: Reply, said: str) -> None:
    port.answers["/page"] = [answer]
    with pytest.raises(CorridorError, match=said):
        get(web, port, "/page")


def test_gzipped_page_is_decompressed(web: WebClient, port: PortServer) -> None:
    port.answers["/page"] = [gzipped(b"figures" * 100)]
    assert get(web, port, "/page") == b"figures" * 100


def test_redirect_is_followed_under_the_rules_of_the_other_host(web: WebClient, port: PortServer) -> None:
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


def test_redirect_from_https_to_http_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: PortServer
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with serving(context) as safe:
        safe.answers |= {"/page": [FIGURES], "/moved": [redirect(port.url("/page"))]}
        with WebClient(QUICK) as web, pytest.raises(CorridorError, match=r"(?i)certificate"):
            get(web, safe, "/page")
        assert safe.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with WebClient(QUICK) as web:
            assert get(web, safe, "/page") == b"figures"
            with pytest.raises(
                CorridorError, match=r"https redirected to http://127\.0\.0\.1:\d+/page, which is less safe"
            ):
                get(web, safe, "/moved")
    assert port.requests == []


def test_robots_txt_is_read_once_and_respected(web: WebClient, port: PortServer) -> None:
    rules = "User-agent: corridor-warehouse\nDisallow: /drafts\n\nUser-agent: *\nDisallow: /\n"
    port.answers |= {"/robots.txt": [page("\ufeff" + rules)], "/page": [FIGURES], "/drafts/page": [FIGURES]}
    assert get(web, port, "/page") == b"figures"
    with pytest.raises(CorridorError, match=r"/drafts/page was not requested: robots\.txt of 127\.0\.0\.1 forbids it"):
        get(web, port, "/drafts/page")
    assert [path for path, _ in port.requests] == ["/robots.txt", "/page"]


def test_robots_txt_may_have_wildcards(web: WebClient, port: PortServer) -> None:
    port.answers |= {"/robots.txt": [page("User-agent: *\nDisallow: /*/draft$\n")], "/stats/page": [FIGURES]}
    assert get(web, port, "/stats/page") == b"figures"
    with pytest.raises(CorridorError, match=r"/stats/draft was not requested"):
        get(web, port, "/stats/draft")


@pytest.mark.parametrize("answer", [Reply(404), Reply(401), page("<html>no such thing</html>")])
def test_missing_robots_txt_forbids_nothing(web: WebClient, port: PortServer, answer: Reply) -> None:
    port.answers |= {"/robots.txt": [answer], "/page": [FIGURES]}
    assert get(web, port, "/page") == b"figures"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Reply(500),
            r"/robots\.txt could not be read: the server answered 500 \(3 attempts\)\. Until it can be read, ",
        ),
        (Reply(403), r"/robots\.txt could not be read: the server answered 403, which asks us to stop"),
    ],
)
def test_unreadable_robots_txt_forbids_everything(web: WebClient, port: PortServer, answer: Reply, said: str) -> None:
    port.answers |= {"/robots.txt": [answer], "/page": [FIGURES]}
    for _ in range(2):
        with pytest.raises(CorridorError, match=said):
            get(web, port, "/page")
    assert port.asked == []
    assert len(port.requests) == (3 if answer.code == 500 else 1)


def test_requests_to_a_host_pause_at_least_as_long_as_it_asks(port: PortServer) -> None:
    port.answers |= {"/page": [FIGURES], "/robots.txt": [page("User-agent: *\nCrawl-delay: 1\n")]}
    with WebClient(RequestPolicy(pause_s=0.2)) as web:
        started = time.monotonic()
        get(web, port, "/page")
        assert 0.2 <= time.monotonic() - started < 1
        get(web, port, "/page")
        assert time.monotonic() - started >= 1.2


def test_unreachable_server_is_named(web: WebClient) -> None:
    with serving() as closed:
        address = closed.url("/page")
    with pytest.raises(CorridorError, match=address.replace("/page", "/robots.txt")):
        web.get(address, CONTACT)
