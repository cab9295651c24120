"""Who may hang a file on something, and who may see it."""

from __future__ import annotations

from portal.core import registry
from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.files.models import Attachment


def can_add(actor: Actor, on: Ref) -> bool:
    """Whoever may add files at all and sees the thing; the thing's own feature may ask for more."""
    return actor.can(Permission.FILE_ADD) and on in registry.load_things(actor, [on])


def can_see(actor: Actor, attachment: Attachment) -> bool:
    """A file is as visible as what it hangs on, or as the thing's own feature says."""
    on = Ref.parse(attachment.subject)
    kind = registry.registry().things.get(on.kind)
    if kind is not None and kind.gives_file is not None:
        return kind.gives_file(actor, on.id, attachment.id)
    return on in registry.load_things(actor, [on])
