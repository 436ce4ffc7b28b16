"""Folders anywhere fsspec reaches: this machine, S3, SFTP, an HTTPS listing.

Belongs here: opening a place with credentials from the environment, listing it, writing to it, its errors in words.
Does not belong here: what lies there means (`inbox.py`).

Credentials of a partner's places are the variable CORRIDOR_STORAGE_<PARTNER>, a JSON object of options that fsspec
takes for that kind of place; the usual variables of AWS hold too. SSH servers must stand in known_hosts.
"""

import errno
import json
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from stat import S_ISLNK
from typing import Any
from urllib.parse import unquote, urlsplit

import fsspec

from orchestration.core.corridor_file import storage_env
from orchestration.core.errors import PartnerPlaceError

TIMEOUT_S = 60
KNOWN_HOSTS_ENV = "CORRIDOR_KNOWN_HOSTS"
_SECRET_CHARACTERS = 4

# Kinds of places that know links, by which a name may lead out of its folder.
LOCAL, SFTP = ("", "file"), ("sftp", "ssh")
# How each opens a file that must not be there yet.
ANEW = {**dict.fromkeys(LOCAL, "xb"), **dict.fromkeys(SFTP, "wxb")}


@dataclass(frozen=True)
class Place:
    """A folder. address: as configured. root: the same as the filesystem names it."""

    address: str
    root: str
    filesystem: Any
    errors: tuple[type[Exception], ...]
    secrets: tuple[str, ...] = ()

    def list(self) -> list[dict[str, Any]]:
        """Entries as fsspec gives them: name (a path), type, size and what tells a change."""
        self.filesystem.invalidate_cache()
        try:
            entries = self.filesystem.ls(self.root, detail=True)
        except FileNotFoundError:
            bucket, _, prefix = self.root.partition("/")
            if not (_scheme(self.address) in ("s3", "s3a") and prefix):
                raise
            self.filesystem.ls(bucket)  # a bucket that is there may hold nothing under a prefix yet
            return []
        root = self.root.rstrip("/")
        if any(entry["type"] == "file" and entry["name"].rstrip("/") == root for entry in entries):
            raise NotADirectoryError(20, "it is a file, not a folder")
        if _scheme(self.address) in ("http", "https"):
            entries = [self._asked(entry) for entry in entries if _is_file_in(root, entry)]
        return entries  # type: ignore[no-any-return]

    def name_of(self, entry: Mapping[str, Any]) -> str:
        """The name of a file, without its folder."""
        name = entry["name"].rpartition("/")[2]
        return unquote(name) if _scheme(self.address) in ("http", "https") else name

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Put files, by name, into the folder, which is made where it is missing.

        A link under such a name, by which its partner would have another file written, is replaced, never followed.
        """
        self.filesystem.makedirs(self.root, exist_ok=True)
        for name, content in contents.items():
            path = f"{self.root.rstrip('/')}/{name}"
            if anew := ANEW.get(_scheme(self.address)):
                with suppress(FileNotFoundError):
                    self.filesystem.rm_file(path)
                with self.filesystem.open(path, anew) as out:
                    out.write(content)
            else:
                self.filesystem.pipe_file(path, content)

    def open(self, path: str) -> BufferedIOBase:
        """The bytes of a file. Raises FileNotFoundError when it has gone, or has become a link since it was listed."""
        if _scheme(self.address) in LOCAL:
            try:
                return open(path, "rb", opener=_no_link)
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
                raise FileNotFoundError(path) from None
        if _scheme(self.address) in SFTP and S_ISLNK(self.filesystem.ftp.lstat(path).st_mode):
            raise FileNotFoundError(path)
        return self.filesystem.open(path, "rb")  # type: ignore[no-any-return]

    def _asked(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry of an HTTPS listing with what the server says of the file."""
        info = self.filesystem.info(entry["name"])
        return {**entry, "size": info.get("size"), "modified": info.get("Last-Modified"), "ETag": info.get("ETag")}


@contextmanager
def open_place(address: str, owner: str, what: str, remedy: str) -> Iterator[Place]:
    """A place, and its errors as a PartnerPlaceError naming it. owner: whose credentials. what: as `The inbox of X`."""
    secrets: tuple[str, ...] = ()
    errors: tuple[type[Exception], ...] = (OSError, ValueError, ImportError)
    try:
        options = _options(owner)
        secrets = tuple(text for text in _leaves(options) if len(text) >= _SECRET_CHARACTERS)
        errors = (*errors, *_errors_of(_scheme(address)))
        try:
            filesystem, root = _opened(address, options)
        except TypeError as error:
            raise ValueError(f"{storage_env(owner)} has options that do not fit: {error}") from None
        yield Place(address, root, filesystem, errors, secrets)
    except errors as error:
        raise PartnerPlaceError(f"{what}: {address}: {reason(error, secrets)}. {remedy}") from None


def reason(error: Exception, secrets: tuple[str, ...] = ()) -> str:
    """Why a place cannot be reached, without anything of its credentials."""
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    text = str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _options(owner: str) -> dict[str, Any]:
    name = storage_env(owner)
    try:
        options = json.loads(os.environ.get(name) or "{}")
    except json.JSONDecodeError as error:
        raise ValueError(f"{name} is not JSON, in column {error.colno}") from None
    if not isinstance(options, dict):
        raise ValueError(f"{name} is not a JSON object of options")
    return options


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    else:
        yield str(value)


def _opened(address: str, options: dict[str, Any]) -> tuple[Any, str]:
    match _scheme(address):
        case "s3" | "s3a":
            options["config_kwargs"] = {"connect_timeout": TIMEOUT_S, "read_timeout": TIMEOUT_S}
        case "sftp" | "ssh":
            return _sftp(address, options)
        case "http" | "https":
            from aiohttp import ClientTimeout

            # Made here, because aiohttp's own knows only the authorities of the moment it was imported.
            options["ssl"] = ssl.create_default_context()
            options["client_kwargs"] = {
                "timeout": ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
                "trust_env": True,
                **options.get("client_kwargs", {}),
            }
    filesystem, root = fsspec.core.url_to_fs(address, use_listings_cache=False, **options)
    return filesystem, root


def _sftp(address: str, options: Mapping[str, Any]) -> tuple[Any, str]:
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    class KnownHosts(SFTPFileSystem):  # type: ignore[misc]
        """A server that nobody has vouched for is not spoken to."""

        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_host_keys(str(_known_hosts()))
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
            if channel := self.ftp.get_channel():
                channel.settimeout(TIMEOUT_S)

    url = urlsplit(address)
    said = {"port": url.port, "username": unquote(url.username) if url.username else None}
    known = {name: value for name, value in said.items() if value is not None}
    waits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), TIMEOUT_S)
    filesystem = KnownHosts(url.hostname or "", skip_instance_cache=True, **{**waits, **known, **options})
    return filesystem, unquote(url.path)


def _known_hosts() -> Path:
    path = Path(os.environ.get(KNOWN_HOSTS_ENV) or "~/.ssh/known_hosts").expanduser()
    if not path.is_file():
        raise ValueError(f"{path} does not exist, so no SSH server is known; {KNOWN_HOSTS_ENV} names another")
    return path


def _no_link(path: str, flags: int) -> int:
    """An opener that fails on a link, and does not wait for whoever writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _errors_of(scheme: str) -> tuple[type[Exception], ...]:
    """What the client of a kind of place raises beside OSError."""
    match scheme:
        case "s3" | "s3a":
            from botocore.exceptions import BotoCoreError, ClientError

            return BotoCoreError, ClientError
        case "sftp" | "ssh":
            from paramiko import SSHException

            return (SSHException, EOFError)
        case "http" | "https":
            from aiohttp import ClientError as HttpError

            return (HttpError,)
    return ()


def _scheme(address: str) -> str:
    scheme, found, _ = address.partition("://")
    return scheme.lower() if found else ""


def _is_file_in(root: str, entry: Mapping[str, Any]) -> bool:
    """Whether a link of a listing is a file directly in it, and not a way to sort it or out of it."""
    folder, _, name = entry["name"].rpartition("/")
    return folder == root and bool(name) and not set("?#") & set(name)
