"""Urgent messages to people through the webhook of [alerts].

Belongs here: sending a message. Does not belong here: deciding what is urgent, or an import that is slow.
"""

import os


def alert(webhook_env: str | None, message: str) -> None:
    """Post {"text": message} to a webhook; do nothing if there is none.

    Args:
        webhook_env: The environment variable with the address of the webhook.
        message: The text.

    Raises:
        httpx.HTTPError: The message cannot be delivered.
    """
    address = os.environ.get(webhook_env) if webhook_env else None
    if address:
        # Imported here because alerts are rare and httpx is slow to import.
        import httpx

        httpx.post(address, json={"text": f"Corridor: {message}"}, timeout=10).raise_for_status()
