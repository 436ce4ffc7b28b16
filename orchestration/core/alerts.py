"""The one channel on which people are told of what should not wait: the webhook of [alerts].

Belongs here: sending. Does not belong here: deciding what is worth an alert; anything heavy at import.
"""

import os


def alert(webhook_env: str | None, message: str) -> None:
    """Post {"text": message} to the address that the environment variable holds; no variable, no alert.

    Raises httpx.HTTPError when it cannot be delivered.
    """
    address = os.environ.get(webhook_env) if webhook_env else None
    if address:
        import httpx

        httpx.post(address, json={"text": f"Corridor: {message}"}, timeout=10).raise_for_status()
