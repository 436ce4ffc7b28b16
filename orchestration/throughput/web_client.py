"""Reading public pages over the network, with manners.

Belongs here: time-outs, retries, pauses, redirects, robots.txt, size, what is said to a server and what it answers.
Does not belong here: which pages there are, what they mean, where they are kept.
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
from orchestration.throughput.sources.source import Answer, Manners, PageMissingError

AGENT = "corridor-warehouse"
STOP = (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS)
GZIP = zlib.MAX_WBITS | 16


class _PassingError(Exception):
    """A time-out or a 5xx answer: worth asking again, not before retry_after_s (seconds) have passed."""

    def __init__(self, said: str, retry_after_s: float = 0.0) -> None:
        super().__init__(said)
        self.retry_after_s = retry_after_s


class _RejectedError(CorridorError):
    """A 4xx answer that neither asks to stop nor says that the page is missing."""


@dataclass
class _Host:
    """What this run knows of a server: its rules, when it may be asked next, whether it may be asked at all."""

    pause_s: float
    next_at: float = 0.0
    rules: Protego | None = None
    closed: CorridorError | None = None


class Web:
    """One client for every host of a run. A host that asked us to stop is asked nothing more.

    Asynchronous inside, because only a cancelled request ends on time while its server still drips.
    """

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._hosts: dict[str, _Host] = {}
        self._loop = asyncio.Runner()
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(manners.read_s, connect=manners.connect_s), headers={"Accept-Encoding": "gzip"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()

    def get(self, url: str, contact: str, known: Mapping[str, str] | None = None) -> Answer | None:
        """A page, or None when the server says that it is still as `known` says (If-None-Match, If-Modified-Since).

        Raises PageMissingError for 404 and 410, and CorridorError for anything after which the server should be left
        alone.
        """
        said = f"{AGENT} (public port statistics; contact: {contact})"
        headers = {
            b"User-Agent": said.encode(),
            **{name.encode(): value.encode() for name, value in (known or {}).items()},
        }
        try:
            return self._loop.run(self._read(httpx.URL(url), headers))
        except httpx.InvalidURL as error:
            raise CorridorError(f"{url} could not be read: {error}.") from None

    async def _read(self, url: httpx.URL, headers: dict[bytes, bytes], *, obeying: bool = True) -> Answer | None:
        """Follow the redirects from a page, within bounds; each host's rules hold for what is asked of it."""
        at = url
        for _ in range(self._manners.max_redirects + 1):
            host = self._hosts.setdefault(at.netloc.decode(), _Host(self._manners.pause_s))
            if obeying:
                await self._obey(host, at, headers)
            answer = await self._ask(host, at, headers)
            if not isinstance(answer, httpx.URL):
                return answer
            if answer.scheme not in ("http", "https") or (at.scheme, answer.scheme) == ("https", "http"):
                raise CorridorError(f"{url} could not be read: {at.scheme} led to {answer}, which is not followed.")
            at = answer
        raise CorridorError(f"{url} could not be read: more than {self._manners.max_redirects} redirects.")

    async def _obey(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> None:
        """Raise CorridorError unless the host may be asked for this page."""
        if host.closed:
            raise CorridorError(f"{url} was not asked for: {host.closed}")
        if host.rules is None:
            host.rules = await self._rules(host, url, headers)
            asked_for = host.rules.crawl_delay(AGENT) or 0
            host.pause_s = max(host.pause_s, min(float(asked_for), self._manners.max_wait_s))
        if not host.rules.can_fetch(str(url), AGENT):
            raise CorridorError(
                f"{url} was not asked for: robots.txt of {url.host} forbids it to {AGENT}. "
                "Agree on access with the publisher, or point the source at saved pages."
            )

    async def _rules(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Protego:
        """The rules of a host, by RFC 9309: what is missing forbids nothing, what cannot be reached everything."""
        address = url.join("/robots.txt")
        try:
            answer = await self._read(address, {b"User-Agent": headers[b"User-Agent"]}, obeying=False)
            said = answer.content.decode("utf-8-sig", errors="replace") if answer else ""
        except (PageMissingError, _RejectedError):
            said = ""
        except CorridorError as problem:
            if host.closed is None:
                problem = CorridorError(f"{problem} Until it can be, everything there counts as forbidden (RFC 9309).")
                host.closed = problem
            raise problem from None
        return Protego.parse(said)

    async def _ask(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Answer | httpx.URL | None:
        """Ask one address, again after time-outs and 5xx answers only; a redirect comes back as its address."""
        manners = self._manners
        asking = AsyncRetrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(manners.attempts),
            wait=self._wait,
            reraise=True,
        )
        try:
            return await asking(self._ask_once, host, url, headers)
        except _PassingError as fault:
            raise CorridorError(f"{url} could not be read: {fault}, asked {manners.attempts} times.") from None
        except httpx.HTTPError as error:
            raise CorridorError(f"{url} could not be read: {error or type(error).__name__}.") from None

    def _wait(self, state: RetryCallState) -> float:
        first = self._manners.first_wait_s
        fault = state.outcome.exception() if state.outcome else None
        asked_for = fault.retry_after_s if isinstance(fault, _PassingError) else 0.0
        return max(asked_for, float(wait_exponential_jitter(multiplier=first, max=30, jitter=first)(state)))

    async def _ask_once(self, host: _Host, url: httpx.URL, headers: dict[bytes, bytes]) -> Answer | httpx.URL | None:
        await asyncio.sleep(host.next_at - time.monotonic())
        try:
            async with (
                asyncio.timeout(self._manners.total_s),
                self._client.stream("GET", url, headers=headers) as response,
            ):
                if response.status_code == httpx.codes.NOT_MODIFIED and any(
                    name.startswith(b"If-") for name in headers
                ):
                    await response.aread()  # nothing: but only a response read to its end leaves its connection open
                    return None
                if response.has_redirect_location:
                    return response.url.join(response.headers["Location"])
                self._judge(host, response)
                content = await self._body(response)
                return Answer(content, {name: said for name, said in response.headers.items() if name != "set-cookie"})
        except TimeoutError:
            raise _PassingError(f"not complete within {self._manners.total_s:g} s") from None
        except httpx.TimeoutException:
            raise _PassingError("the server did not answer in time") from None
        finally:
            host.next_at = time.monotonic() + host.pause_s

    def _judge(self, host: _Host, response: httpx.Response) -> None:
        """Raise what an answer without a page means."""
        code, url, later_s = response.status_code, response.url, _retry_after_s(response)
        if code == httpx.codes.OK:
            return
        if code >= httpx.codes.INTERNAL_SERVER_ERROR:
            if later_s > self._manners.max_wait_s:
                raise CorridorError(
                    f"{url} could not be read: the server answered {code}, come back in {later_s:.0f} s."
                )
            raise _PassingError(f"the server answered {code}", later_s)
        if code in STOP:
            later = f" for {later_s:.0f} s" if later_s else ""
            host.closed = CorridorError(
                f"{url} could not be read: the server answered {code}, which asks us to stop{later}. "
                "Nothing more was asked of it; agree on access with the publisher, or point the source at saved pages."
            )
            raise host.closed
        if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise PageMissingError(f"{url} could not be read: the server answered {code}.")
        raise _RejectedError(f"{url} could not be read: the server answered {code}, expected 200.")

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, unpacked no further than it may be kept. Raises CorridorError beyond that, or when cut off."""
        url, most = response.url, self._manners.max_bytes
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise CorridorError(f"{url} could not be read: it came packed as {encoding}, asked for as gzip or plain.")
        unpacking = zlib.decompressobj(GZIP) if encoding.endswith("gzip") else None
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += unpacking.decompress(chunk, most - len(body) + 1) if unpacking else chunk
                if len(body) > most:
                    raise CorridorError(f"{url} could not be read: it is larger than {most:,} bytes.")
        except zlib.error as error:
            raise CorridorError(f"{url} could not be read: it is no whole gzip: {error}.") from None
        if unpacking and not unpacking.eof:
            raise CorridorError(f"{url} could not be read: it is no whole gzip: its end is missing.")
        return bytes(body)


def _retry_after_s(response: httpx.Response) -> float:
    """Seconds until a server wants to be asked again, which it gives as a number or a date; 0 when it does not say."""
    said = str(response.headers.get("Retry-After", ""))
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        later = parsedate_to_datetime(said) - datetime.now(UTC)
        return max(0.0, float(later.total_seconds()))
    except (ValueError, TypeError):
        return 0.0
