"""Inboxes and outboxes on S3, SFTP and HTTPS servers, which the tests start."""

import getpass
import hashlib
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
import trustme

from orchestration.core.corridor_file import storage_env
from orchestration.core.settings import Settings, load_settings
from orchestration.defs.inputs_digest import inputs_digest
from orchestration.submissions.inboxes import storage
from orchestration.submissions.inboxes.partner_folders import open_partner_folders
from orchestration.submissions.inboxes.storage import KNOWN_HOSTS_ENV
from orchestration.submissions.intake import take_in
from orchestration.submissions.receipt import submission_id
from tests.support.two_inboxes import CLOCK, CORRIDOR, MONDAY, ROB, TUESDAY, intake

SECRET = "a-secret-that-nobody-may-read"


def home_at(tmp_path: Path, inbox: str, outbox: str) -> Settings:
    """Make a home in which the carrier has this inbox and outbox."""
    home = tmp_path / "home"
    (home / "inbox" / "pier").mkdir(parents=True, exist_ok=True)
    text = CORRIDOR.replace('"inbox/line"', f'"{inbox}"').replace('"outbox/line"', f'"{outbox}"')
    (home / "corridor.toml").write_text(text, encoding="utf-8")
    return load_settings(home)


def new_receipts(settings: Settings) -> list[tuple[str, str]]:
    return [(receipt.path, receipt.verdict) for receipt in intake(settings).receipts]


def nothing_secret_in(home: Path) -> bool:
    files = [path for path in home.rglob("*") if path.is_file()]
    return files != [] and not any(SECRET.encode() in path.read_bytes() for path in files)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3"]:
    """A bucket of an S3 server process that lives as long as the test."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_for(port)
    endpoint = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="key", aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    client.create_bucket(Bucket="partners")
    yield S3(client, {"endpoint_url": endpoint, "key": "key", "secret": SECRET})
    server.terminate()
    server.wait()


@dataclass(frozen=True)
class S3:
    """A client of the bucket `partners`, and fsspec's options for it."""

    client: Any
    options: dict[str, str]

    def put(self, key: str, content: str) -> None:
        self.client.put_object(Bucket="partners", Key=key, Body=content.encode())

    def names(self) -> list[str]:
        listed = self.client.list_objects_v2(Bucket="partners")
        return [found["Key"] for found in listed.get("Contents", [])]


def test_s3_bucket_can_be_inbox_and_outbox(bucket: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(storage_env("SMPL-LINE"), json.dumps(bucket.options))
    settings = home_at(tmp_path, "s3://partners/line/in", "s3://partners/line/out")
    assert new_receipts(settings) == []
    bucket.put("line/in/rob_2025-03.csv", ROB + MONDAY)
    bucket.put("line/in/rob_2025-04.csv.part", ROB)
    assert new_receipts(settings) == [("rob_2025-03.csv", "accepted")]
    assert new_receipts(settings) == []
    bucket.put("line/in/rob_2025-03.csv", ROB + MONDAY + TUESDAY)
    assert new_receipts(settings) == [("rob_2025-03.csv", "accepted")]
    assert len([key for key in bucket.names() if key.startswith("line/out/") and key.endswith(".json")]) == 2
    assert nothing_secret_in(settings.home)


def test_missing_bucket_is_reported_without_the_credentials(
    bucket: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(storage_env("SMPL-LINE"), json.dumps(bucket.options))
    [problem] = intake(home_at(tmp_path, "s3://elsewhere/in", "outbox/line")).unreachable
    assert problem.startswith("The inbox of partner SMPL-LINE cannot be read: s3://elsewhere/in")
    assert SECRET not in problem


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class SshServer:
    address: str
    known_hosts: Path
    key: Path


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[SshServer]:
    """An OpenSSH server for this user alone, with keys made for the test."""
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI installs openssh-server, and it is not there")
        pytest.skip("sshd is not installed")
    folder, port = tmp_path / "ssh", free_port()
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    config = [
        f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {folder}/host", f"PidFile {folder}/pid",
        f"AuthorizedKeysFile {folder}/authorized", "StrictModes no", "PasswordAuthentication no", "UsePAM no",
        "PermitRootLogin yes", "Subsystem sftp internal-sftp",
    ]  # fmt: skip
    (folder / "config").write_text("\n".join(config) + "\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen([program, "-D", "-e", "-f", folder / "config"], stderr=subprocess.DEVNULL)
    _wait_for(port)
    kind, host_key, *_ = (folder / "host.pub").read_text().split()
    known = folder / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {kind} {host_key}\n")
    yield SshServer(f"sftp://{getpass.getuser()}@127.0.0.1:{port}", known, folder / "user")
    server.terminate()
    server.wait()


def _wait_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def test_sftp_folder_can_be_inbox_and_outbox(sshd: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(storage_env("SMPL-LINE"), json.dumps({"key_filename": str(sshd.key)}))
    monkeypatch.setenv(KNOWN_HOSTS_ENV, str(sshd.known_hosts))
    there = tmp_path / "partner"
    (there / "in").mkdir(parents=True)
    settings = home_at(tmp_path, f"{sshd.address}{there}/in", f"{sshd.address}{there}/out")
    (there / "in" / "rob_2025-03.csv").write_text(ROB + MONDAY)
    (tmp_path / "other").write_text(ROB + TUESDAY)
    (there / "in" / "rob_2025-04.csv").symlink_to(tmp_path / "other")
    (there / "out").mkdir()
    sha256 = hashlib.sha256((ROB + MONDAY).encode()).hexdigest()
    receipt = there / "out" / f"{submission_id('SMPL-LINE', 'rob', '2025-03', sha256, 1)}.json"
    receipt.symlink_to(tmp_path / "other")
    assert new_receipts(settings) == [("rob_2025-03.csv", "accepted"), ("rob_2025-04.csv", "refused")]
    assert new_receipts(settings) == []
    assert len(list((there / "out").glob("*.json"))) == 2
    assert (receipt.is_symlink(), (tmp_path / "other").read_text()) == (False, ROB + TUESDAY)


def test_unknown_ssh_server_is_refused(sshd: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(storage_env("SMPL-LINE"), json.dumps({"key_filename": str(sshd.key)}))
    stranger = tmp_path / "known_hosts"
    stranger.touch()
    monkeypatch.setenv(KNOWN_HOSTS_ENV, str(stranger))
    [problem] = intake(home_at(tmp_path, f"{sshd.address}{tmp_path}", "outbox/line")).unreachable
    assert "not found in known_hosts" in problem


@pytest.fixture
def https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """A folder as an HTTPS server lists it, with a certificate that this process trusts."""
    folder = tmp_path / "served"
    folder.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    handler = partial(QuietHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    yield f"https://localhost:{server.server_port}", folder
    server.shutdown()
    server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing on the terminal of the tests."""


def test_https_listing_can_be_an_inbox(https: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = https
    (folder / "in").mkdir()
    settings = home_at(tmp_path, f"{address}/in/", "outbox/line")
    (folder / "in" / "rob_2025-03.csv").write_text(ROB + MONDAY)
    (folder / "in" / "rob_2025-04_second try.csv").write_text(ROB)
    assert new_receipts(settings) == [
        ("rob_2025-03.csv", "accepted"),
        ("rob_2025-04_second try.csv", "accepted_with_warnings"),
    ]
    assert new_receipts(settings) == []
    (folder / "in" / "rob_2025-03.csv").write_text(ROB + TUESDAY)
    assert new_receipts(settings) == [("rob_2025-03.csv", "accepted")]


def test_server_with_an_untrusted_certificate_is_refused(
    https: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    [problem] = intake(home_at(tmp_path, f"{https[0]}/", "outbox/line")).unreachable
    assert "certificate" in problem


def test_run_opens_and_lists_each_inbox_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_at(tmp_path, "inbox/line", "outbox/line")
    (settings.home / "inbox" / "line").mkdir()
    path = settings.home / "inbox" / "line" / "rob_2025-03.csv"
    path.write_text(ROB + MONDAY, encoding="utf-8")
    os.utime(path, (0, 0))
    opened: list[str] = []
    listed: list[str] = []
    filesystem, entries = storage._filesystem, storage.Folder._list_entries

    def recorded_filesystem(address: str, options: dict[str, Any]) -> tuple[Any, str]:
        opened.append(address)
        return filesystem(address, options)

    def recorded_entries(folder: storage.Folder) -> list[dict[str, Any]]:
        listed.append(folder.address)
        return entries(folder)

    monkeypatch.setattr(storage, "_filesystem", recorded_filesystem)
    monkeypatch.setattr(storage.Folder, "_list_entries", recorded_entries)
    folders = open_partner_folders(settings)
    inputs_digest(settings, CLOCK, folders)
    [receipt] = take_in(settings, CLOCK, folders).receipts
    assert receipt.verdict == "accepted"
    inboxes, outbox = [f"{settings.home}/inbox/{name}" for name in ("line", "pier")], f"{settings.home}/outbox/line"
    assert (listed, opened) == (inboxes, [*inboxes, outbox])


def test_link_in_an_inbox_does_not_stop_the_run(tmp_path: Path) -> None:
    settings = home_at(tmp_path, "inbox/line", "outbox/line")
    (settings.home / "inbox" / "line").mkdir()
    (settings.home / "inbox" / "line" / "rob_2025-03.csv").symlink_to(tmp_path)
    folders = open_partner_folders(settings)
    assert inputs_digest(settings, CLOCK, folders)
    assert [receipt.verdict for receipt in take_in(settings, CLOCK, folders).receipts] == ["refused"]
