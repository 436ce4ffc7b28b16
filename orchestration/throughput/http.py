"""Reading one public page over the network, with manners.

Belongs here: time-outs, retries, redirects, size, what is said to the server and how its answers are understood.
Does not belong here: which pages there are, what they mean, where they are kept.
"""

import time

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from orchestration.errors import CorridorError
from orchestration.throughput.source import Manners, PageMissingError

MAX_REDIRECTS = 5


class _PassingError(Exception):
    """A time-out or a 5xx answer: worth asking again."""


def open_client(contact: str, manners: Manners) -> httpx.Client:
    """A client that says who asks and how to reach them; TLS is verified."""
    return httpx.Client(
        headers={"User-Agent": f"corridor-warehouse (public port statistics; contact: {contact})"},
        timeout=httpx.Timeout(manners.read_s, connect=manners.connect_s),
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
    )


def get(client: httpx.Client, url: str, manners: Manners) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a page; asked again after time-outs and 5xx answers only.

    Raises PageMissingError for 404 and 410, and CorridorError for anything after which the server should be left alone.
    """
    asking = Retrying(
        retry=retry_if_exception_type(_PassingError),
        stop=stop_after_attempt(manners.attempts),
        wait=wait_exponential_jitter(multiplier=manners.first_wait_s, max=30, jitter=manners.first_wait_s),
        reraise=True,
    )
    try:
        return asking(_ask_once, client, url, manners)
    except _PassingError as fault:
        raise CorridorError(f"{url} could not be read: {fault}, asked {manners.attempts} times.") from None
    except httpx.TooManyRedirects:
        raise CorridorError(f"{url} could not be read: more than {MAX_REDIRECTS} redirects.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CorridorError(f"{url} could not be read: {error or type(error).__name__}.") from None


def _ask_once(client: httpx.Client, url: str, manners: Manners) -> tuple[bytes, dict[str, str]]:
    deadline = time.monotonic() + manners.total_s
    try:
        with client.stream("GET", url) as response:
            _judge(url, response.status_code)
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > manners.max_bytes:
                    raise CorridorError(f"{url} could not be read: it is larger than {manners.max_bytes:,} bytes.")
                if time.monotonic() > deadline:
                    raise _PassingError(f"not complete within {manners.total_s:g} s")
            headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
            return bytes(body), headers
    except httpx.TimeoutException:
        raise _PassingError("the server did not answer in time") from None


def _judge(url: str, code: int) -> None:
    if code == httpx.codes.OK:
        return
    if code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise _PassingError(f"the server answered {code}")
    if code in (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS):
        raise CorridorError(
            f"{url} could not be read: the server answered {code}, which asks us to stop. "
            "Nothing more was asked of it; agree on access with the publisher, or point the source at saved pages."
        )
    if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise PageMissingError(f"{url} could not be read: the server answered {code}.")
    raise CorridorError(f"{url} could not be read: the server answered {code}, expected 200.")
