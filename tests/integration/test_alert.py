"""Who is told of public pages newly out of use, and that a run does not fail over it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.core.settings import load_settings
from orchestration.defs.run_inputs import gather_run_inputs
from tests.benchmarks.pages import CORRIDOR

ADDRESS = "CORRIDOR_TEST_WEBHOOK"


class Webhook(ThreadingHTTPServer):
    """Remembers what it was told, and answers with its code."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Listening)
        self.code = 204
        self.told: list[str] = []


class _Listening(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
        self.send_response(self.server.code)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    server = Webhook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv(ADDRESS, f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("CORRIDOR_DISCLOSURE_P", "15")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose one source is a page that is none."""
    toml = CORRIDOR.format(location="public") + f'[alerts]\nwebhook_env = "{ADDRESS}"\n'
    (tmp_path / "corridor.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "historical-teu-statistics-2025.html").write_text("closed for repairs", encoding="utf-8")
    return tmp_path


def test_a_page_newly_out_of_use_is_told_once(home: Path, webhook: Webhook) -> None:
    settings = load_settings(home)
    first, again = gather_run_inputs(settings), gather_run_inputs(settings)
    (told,) = webhook.told
    assert told.startswith("Corridor: los_angeles: historical-teu-statistics-2025: found 0 tables with these headings")
    assert again.fetched.problems == first.fetched.problems == [told.removeprefix("Corridor: ")]
    (home / "public" / "historical-teu-statistics-2025.html").unlink()
    gather_run_inputs(settings)
    assert "has no page of the Port of Los Angeles" in webhook.told[1]


def test_an_alert_that_cannot_be_delivered_is_a_finding(home: Path, webhook: Webhook) -> None:
    webhook.code = 500
    fetched = gather_run_inputs(load_settings(home)).fetched
    assert [row.check_name for row in fetched.check_results] == ["page_has_its_layout", "alert_is_delivered"]
    assert (
        fetched.problems[1]
        == "The webhook failed, so nobody was alerted to 1 problems with public pages (HTTPStatusError)."
    )
