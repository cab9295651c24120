"""What webhooks keep about people: who looks after each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import handled

PERSONAL = (handled("webhook.owner_id", _l("Webhooks they look after"), "label", "created_at"),)
