"""A polite HTTP client for public pages.

Belongs here: time-outs, retries, pauses, redirects, robots.txt, size limits, request headers and answers.
Does not belong here: which pages exist, what they mean, where they are stored.
"""

import asyncio
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx
from protego import Protego
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from orchestration.core.errors import CorridorError
from orchestration.throughput.sources.source import Answer, PageMissingError, RequestPolicy

AGENT = "corridor-warehouse"
STOP = (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS)
GZIP = zlib.MAX_WBITS | 16


class _TransientError(Exception):
    """A time-out or a 5xx answer; the request may be repeated after retry_after_s seconds."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class _RejectedError(CorridorError):
    """A 4xx answer that neither asks us to stop nor reports a missing page."""


@dataclass
class _Host:
    """The state of a server in this run: its rules, the earliest next request, and why it is closed to us."""

    pause_s: float
    next_at: float = 0.0
    rules: Protego | None = None
    closed: CorridorError | None = None


class WebClient:
    """One client for every host of a run. A host that asked us to stop gets no further request.

    It is asynchronous inside, because only a cancelled request ends on time while its server still sends single bytes.
    """

    def __init__(self, policy: RequestPolicy) -> None:
        self._policy = policy
        self._hosts: dict[str, _Host] = {}
        self._loop = asyncio.Runner()
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(policy.read_s, connect=policy.connect_s), headers={"Accept-Encoding": "gzip"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()

    def get(self, url: str, contact: str, conditions: Mapping[str, str] | None = None) -> Answer | None:
        """Return a page, or None if the server reports that it is unchanged.

        Args:
            url: The address of the page.
            contact: An e-mail address or name that the server's operator may write to.
            conditions: Conditional request headers (If-None-Match, If-Modified-Since).

        Raises:
            PageMissingError: The server answered 404 or 410.
            CorridorError: The page cannot be read, and the server should get no further request.
        """
        user_agent = f"{AGENT} (public port statistics; contact: {contact})"
        headers = {
            b"User-Agent": user_agent.encode(),
            **{name.encode(): value.encode() for name, value in (conditions or {}).items()},
        }
        try:
            return self._loop.run(self._read(httpx.URL(url), headers))
        except httpx.InvalidURL as error:
            raise CorridorError(f"{url} could not be read: {error}.") from None

    async def _read(self, url: httpx.URL, headers: dict[bytes, bytes], *, obey_rules: bool = True) -> Answer | None:
        """Read a page and follow its redirects, within bounds; the rules of each host apply to its own pages."""
        at = url
        for _ in range(self._policy.max_redirects + 1):
            host = self._hosts.setdefault(at.netloc.decode(), _Host(self._policy.pause_s))
            if obey_rules:
                await self._obey(host, at, headers)
            answer = await self._ask(host, at, headers)
            if not isinstance(answer, httpx.URL):
                return answer
            if answer.scheme not in ("http", "https") or (at.scheme, answer.scheme) == ("https", "http"):
                raise CorridorError(f"{url} could not be read: {at.scheme} redirected to {answer}, which is less safe.")
            at = answer
        raise CorridorError(f"{url} could not be read: more than {self._policy.max_redirects} redirects.")

    async def _obey(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> None:
        """Raise CorridorError if the host may not be asked for this page."""
        if host.closed:
            raise CorridorError(f"{url} was not requested: {host.closed}")
        if host.rules is None:
            host.rules = await self._rules(host, url, headers)
            asked_for = host.rules.crawl_delay(AGENT) or 0
            host.pause_s = max(host.pause_s, min(float(asked_for), self._policy.max_wait_s))
        if not host.rules.can_fetch(str(url), AGENT):
            raise CorridorError(
                f"{url} was not requested: robots.txt of {url.host} forbids it to {AGENT}. "
                "Agree on access with the publisher, or point the source at saved pages."
            )

    async def _rules(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Protego:
        """Return the rules of a host. By RFC 9309 a missing file forbids nothing, an unreachable one everything."""
        address = url.join("/robots.txt")
        try:
            answer = await self._read(address, {b"User-Agent": headers[b"User-Agent"]}, obey_rules=False)
            rules = answer.content.decode("utf-8-sig", errors="replace") if answer else ""
        except (PageMissingError, _RejectedError):
            rules = ""
        except CorridorError as problem:
            if host.closed is None:
                problem = CorridorError(
                    f"{problem} Until it can be read, every page of this host counts as forbidden (RFC 9309)."
                )
                host.closed = problem
            raise problem from None
        return Protego.parse(rules)

    async def _ask(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Answer | httpx.URL | None:
        """Request one address, repeatedly after time-outs and 5xx answers; return the address of a redirect."""
        policy = self._policy
        asking = AsyncRetrying(
            retry=retry_if_exception_type(_TransientError),
            stop=stop_after_attempt(policy.attempts),
            wait=self._wait,
            reraise=True,
        )
        try:
            return await asking(self._ask_once, host, url, headers)
        except _TransientError as fault:
            raise CorridorError(f"{url} could not be read: {fault} ({policy.attempts} attempts).") from None
        except httpx.HTTPError as error:
            raise CorridorError(f"{url} could not be read: {error or type(error).__name__}.") from None

    def _wait(self, state: RetryCallState) -> float:
        first = self._policy.first_wait_s
        fault = state.outcome.exception() if state.outcome else None
        asked_for = fault.retry_after_s if isinstance(fault, _TransientError) else 0.0
        return max(asked_for, float(wait_exponential_jitter(multiplier=first, max=30, jitter=first)(state)))

    async def _ask_once(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Answer | httpx.URL | None:
        await asyncio.sleep(host.next_at - time.monotonic())
        try:
            async with (
                asyncio.timeout(self._policy.total_s),
                self._client.stream("GET", url, headers=headers) as response,
            ):
                if response.status_code == httpx.codes.NOT_MODIFIED and any(
                    name.startswith(b"If-") for name in headers
                ):
                    await (
                        response.aread()
                    )  # A response must be read to its end before its connection can be used again.
                    return None
                if response.has_redirect_location:
                    return response.url.join(response.headers["Location"])
                self._raise_for_status(host, response)
                content = await self._body(response)
                return Answer(
                    content, {name: value for name, value in response.headers.items() if name != "set-cookie"}
                )
        except TimeoutError:
            raise _TransientError(f"not complete within {self._policy.total_s:g} s") from None
        except httpx.TimeoutException:
            raise _TransientError("the server did not answer in time") from None
        finally:
            host.next_at = time.monotonic() + host.pause_s

    def _raise_for_status(self, host: _Host, response: httpx.Response) -> None:
        """Raise the error that stands for an answer other than 200."""
        code, url, later_s = response.status_code, response.url, _retry_after_s(response)
        if code == httpx.codes.OK:
            return
        if code >= httpx.codes.INTERNAL_SERVER_ERROR:
            if later_s > self._policy.max_wait_s:
                raise CorridorError(
                    f"{url} could not be read: the server answered {code} and asks to wait {later_s:.0f} s."
                )
            raise _TransientError(f"the server answered {code}", later_s)
        if code in STOP:
            later = f" for {later_s:.0f} s" if later_s else ""
            host.closed = CorridorError(
                f"{url} could not be read: the server answered {code}, which asks us to stop{later}. "
                "It got no further request; agree on access with the publisher, or point the source at saved pages."
            )
            raise host.closed
        if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise PageMissingError(f"{url} could not be read: the server answered {code}.")
        raise _RejectedError(f"{url} could not be read: the server answered {code}, expected 200.")

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the decompressed body. Raises CorridorError if it is too large or incomplete."""
        url, most = response.url, self._policy.max_bytes
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise CorridorError(f"{url} could not be read: it is compressed as {encoding}; expected gzip or none.")
        unpacking = zlib.decompressobj(GZIP) if encoding.endswith("gzip") else None
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += unpacking.decompress(chunk, most - len(body) + 1) if unpacking else chunk
                if len(body) > most:
                    raise CorridorError(f"{url} could not be read: it is larger than {most:,} bytes.")
        except zlib.error as error:
            raise CorridorError(f"{url} could not be read: its gzip content is damaged: {error}.") from None
        if unpacking and not unpacking.eof:
            raise CorridorError(f"{url} could not be read: its gzip content is incomplete.")
        return bytes(body)


def _retry_after_s(response: httpx.Response) -> float:
    """Return the seconds that a server asks to wait (Retry-After, a number or a date); 0 if it does not ask."""
    value = str(response.headers.get("Retry-After", ""))
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        later = parsedate_to_datetime(value) - datetime.now(UTC)
        return max(0.0, float(later.total_seconds()))
    except (ValueError, TypeError):
        return 0.0
