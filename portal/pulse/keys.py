"""What the tokens and Message-IDs of a wave's mails are made from, and its end."""

from __future__ import annotations

import hmac
import secrets

from flask import current_app
from sqlalchemy import delete

from portal.core.database import db
from portal.pulse import tokens
from portal.pulse.models import Invitation, Wave, WaveKey


def make(wave: Wave) -> bytes:
    """Give the wave a new key, for tokens that no older mail carries; returns what they are derived with."""
    row = db.session.get(WaveKey, wave.id) or WaveKey(wave_id=wave.id)
    row.key = secrets.token_hex(32)
    db.session.add(row)
    db.session.flush()
    return _mixed(row.key)


def of(wave_id: int) -> bytes | None:
    """Return what the tokens of a wave are derived with; None once it is over."""
    row = db.session.get(WaveKey, wave_id)
    return _mixed(row.key) if row is not None else None


def forget(wave_id: int) -> None:
    """Take away what tokens could be derived from; to be called when the wave closes or is cancelled."""
    db.session.execute(delete(WaveKey).where(WaveKey.wave_id == wave_id))


def token_of(key: bytes, invitation: Invitation) -> str:
    return tokens.derive(key, owner(invitation.person_id, is_test=invitation.is_test))


def owner(person_id: int, *, is_test: bool = False) -> str:
    """Return what the token of a person is derived from; one for trying is another than the one that counts."""
    return f"{'test' if is_test else 'invitation'}:{person_id}"


def _mixed(key: str) -> bytes:
    """Mix in the portal's secret, so that the database alone yields no token."""
    secret = current_app.secret_key or b""
    return hmac.digest(secret if isinstance(secret, bytes) else secret.encode(), bytes.fromhex(key), "sha256")
