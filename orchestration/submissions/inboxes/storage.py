"""Folders on every kind of storage that fsspec reaches: this machine, S3, SFTP, an HTTPS listing.

Belongs here: opening a folder with credentials from the environment, listing it, reading and writing its files, and
explaining what went wrong.
Does not belong here: which of the files partners filed (`partner_folders.py`).

The variable CORRIDOR_STORAGE_<PARTNER> holds the credentials for a partner's folders, as a JSON object of fsspec's
options for that kind of storage. The usual variables of AWS work as well. SSH servers must be listed in known_hosts.
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
from orchestration.core.errors import PartnerFolderError

TIMEOUT_S = 60
KNOWN_HOSTS_ENV = "CORRIDOR_KNOWN_HOSTS"
_SECRET_CHARACTERS = 4

# Storage with symbolic links. A link could lead out of its folder.
LOCAL, SFTP = ("", "file"), ("sftp", "ssh")
# The mode in which each creates a file and fails if it exists.
CREATE_MODES = {**dict.fromkeys(LOCAL, "xb"), **dict.fromkeys(SFTP, "wxb")}


@dataclass(frozen=True)
class Folder:
    """An open folder.

    address is as configured, root is the same in the notation of the filesystem. fault and remedy are the sentences
    around the reason in an error message. errors are the exceptions that the storage raises.
    """

    address: str
    root: str
    filesystem: Any
    fault: str
    remedy: str
    errors: tuple[type[Exception], ...]
    secrets: tuple[str, ...] = ()

    def entries(self) -> list[dict[str, Any]]:
        """List the entries as fsspec describes them: name (a path), type, size and a mark of the last change.

        Raises PartnerFolderError if the folder cannot be listed.
        """
        with self._errors_explained():
            return self._list_entries()

    def _list_entries(self) -> list[dict[str, Any]]:
        self.filesystem.invalidate_cache()
        try:
            entries = self.filesystem.ls(self.root, detail=True)
        except FileNotFoundError:
            bucket, _, prefix = self.root.partition("/")
            if not (_scheme(self.address) in ("s3", "s3a") and prefix):
                raise
            self.filesystem.ls(bucket)  # The bucket exists, but nothing is stored under the prefix yet.
            return []
        root = self.root.rstrip("/")
        if any(entry["type"] == "file" and entry["name"].rstrip("/") == root for entry in entries):
            raise NotADirectoryError(20, "it is a file, not a folder")
        if _scheme(self.address) in ("http", "https"):
            entries = [self._with_headers(entry) for entry in entries if _is_file_in(root, entry)]
        return entries  # type: ignore[no-any-return]

    def name_of(self, entry: Mapping[str, Any]) -> str:
        """Return the name of a file without its folder."""
        name = entry["name"].rpartition("/")[2]
        return unquote(name) if _scheme(self.address) in ("http", "https") else name

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Write files, by name, into the folder. A missing folder is created.

        A link with such a name is replaced and never followed: a partner could point it at a file of somebody else.
        Raises PartnerFolderError if the folder cannot be written.
        """
        with self._errors_explained():
            self.filesystem.makedirs(self.root, exist_ok=True)
            for name, content in contents.items():
                self._write_file(f"{self.root.rstrip('/')}/{name}", content)

    def _write_file(self, path: str, content: bytes) -> None:
        create_mode = CREATE_MODES.get(_scheme(self.address))
        if create_mode is None:
            self.filesystem.pipe_file(path, content)
            return
        with suppress(FileNotFoundError):
            self.filesystem.rm_file(path)
        with self.filesystem.open(path, create_mode) as out:
            out.write(content)

    def open(self, path: str, what: str) -> BufferedIOBase:
        """Open a file for reading. what: the file, as the subject of an error message.

        Raises FileNotFoundError if the file has gone or has become a link since it was listed, PartnerFolderError if
        it cannot be read.
        """
        try:
            return self._open(path)
        except FileNotFoundError:
            raise
        except self.errors as error:
            raise PartnerFolderError(f"{what} cannot be read: {_reason(error, self.secrets)}.") from None

    def _open(self, path: str) -> BufferedIOBase:
        if _scheme(self.address) in LOCAL:
            try:
                return open(path, "rb", opener=_open_without_following)
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
                raise FileNotFoundError(path) from None
        if _scheme(self.address) in SFTP and S_ISLNK(self.filesystem.ftp.lstat(path).st_mode):
            raise FileNotFoundError(path)
        return self.filesystem.open(path, "rb")  # type: ignore[no-any-return]

    def _with_headers(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Add to an entry of an HTTPS listing what the server states about the file."""
        info = self.filesystem.info(entry["name"])
        return {**entry, "size": info.get("size"), "modified": info.get("Last-Modified"), "ETag": info.get("ETag")}

    @contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise _folder_error(self.address, self.fault, _reason(error, self.secrets), self.remedy) from None


def open_folder(address: str, owner: str, fault: str, remedy: str) -> Folder:
    """Open a folder with the credentials of its owner. Raises PartnerFolderError if that fails.

    Args:
        address: The path or URL of the folder.
        owner: The partner whose credentials are used.
        fault: The first words of an error message, such as "The inbox of partner X cannot be read".
        remedy: Its last sentence, which says what to do.
    """
    secrets: tuple[str, ...] = ()
    errors: tuple[type[Exception], ...] = (OSError, ValueError, ImportError)
    try:
        options = _options(owner)
        secrets = tuple(text for text in _texts(options) if len(text) >= _SECRET_CHARACTERS)
        errors = (*errors, *_errors_of(_scheme(address)))
        try:
            filesystem, root = _filesystem(address, options)
        except TypeError as error:
            raise ValueError(f"{storage_env(owner)} has options that do not fit: {error}") from None
        return Folder(address, root, filesystem, fault, remedy, errors, secrets)
    except errors as error:
        raise _folder_error(address, fault, _reason(error, secrets), remedy) from None


def _folder_error(address: str, fault: str, reason: str, remedy: str) -> PartnerFolderError:
    return PartnerFolderError(f"{fault}: {address}: {reason}. {remedy}")


def _reason(error: Exception, secrets: tuple[str, ...]) -> str:
    """Say why a folder cannot be reached, with every credential masked."""
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


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    else:
        yield str(value)


def _filesystem(address: str, options: dict[str, Any]) -> tuple[Any, str]:
    match _scheme(address):
        case "s3" | "s3a":
            options["config_kwargs"] = {"connect_timeout": TIMEOUT_S, "read_timeout": TIMEOUT_S}
        case "sftp" | "ssh":
            return _sftp(address, options)
        case "http" | "https":
            from aiohttp import ClientTimeout

            # aiohttp's own context has the authorities of the moment at which it was imported, so a new one is made.
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
        """SFTP that connects only to servers listed in known_hosts."""

        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_host_keys(str(_known_hosts()))
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
            if channel := self.ftp.get_channel():
                channel.settimeout(TIMEOUT_S)

    url = urlsplit(address)
    from_url = {"port": url.port, "username": unquote(url.username) if url.username else None}
    given = {name: value for name, value in from_url.items() if value is not None}
    timeouts = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), TIMEOUT_S)
    filesystem = KnownHosts(url.hostname or "", skip_instance_cache=True, **{**timeouts, **given, **options})
    return filesystem, unquote(url.path)


def _known_hosts() -> Path:
    path = Path(os.environ.get(KNOWN_HOSTS_ENV) or "~/.ssh/known_hosts").expanduser()
    if not path.is_file():
        raise ValueError(f"{path}, the list of trusted SSH servers, does not exist; {KNOWN_HOSTS_ENV} may name another")
    return path


def _open_without_following(path: str, flags: int) -> int:
    """Open a path, but fail on a link and do not wait for the writer of a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _errors_of(scheme: str) -> tuple[type[Exception], ...]:
    """List what the client of a kind of storage raises in addition to OSError."""
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
    scheme, separator, _ = address.partition("://")
    return scheme.lower() if separator else ""


def _is_file_in(root: str, entry: Mapping[str, Any]) -> bool:
    """Whether a link on a listing page is a file of that folder, and not a sort order or another folder."""
    folder, _, name = entry["name"].rpartition("/")
    return folder == root and bool(name) and not set("?#") & set(name)
