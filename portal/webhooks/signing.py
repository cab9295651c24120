"""The proof that a delivery comes from this portal: an HMAC over its time and body.

The secret is made from the installation's key and a random seed, so that a copy of the database signs nothing. While
a secret is being replaced, both sign.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from flask import current_app

from portal.webhooks.models import Webhook

HEADER = "Dity-Signature"


def new_seed() -> str:
    return secrets.token_hex(24)


def secret(seed: str) -> str:
    """Return the secret that belongs to a seed."""
    key = current_app.config["SECRET_KEY"].encode()
    made = hmac.new(key, f"webhook:{seed}".encode(), hashlib.sha256).digest()
    return "ditywh_" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def signature(with_secret: str, *, timestamp: int, body: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of `timestamp.body`.

    >>> signature("ditywh_example", timestamp=1767225600, body='{"event": "test"}')[:16]
    '471a9024608e8f2f'
    """
    return hmac.new(with_secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def header(webhook: Webhook, *, at: dt.datetime, body: str) -> str:
    """Return the value of the header: the time, and a signature by each secret that holds."""
    timestamp = int(at.timestamp())
    seeds = [webhook.seed]
    if webhook.old_seed and webhook.old_until and at < webhook.old_until:
        seeds.append(webhook.old_seed)
    signed = (f"v1={signature(secret(seed), timestamp=timestamp, body=body)}" for seed in seeds)
    return ",".join([f"t={timestamp}", *signed])
