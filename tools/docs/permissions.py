"""Writes docs/permissions.md from the one table of who may what."""

from __future__ import annotations

from inspect import cleandoc

from portal.core.permissions import ANONYMOUS_PERMISSIONS, PERMISSIONS, Permission, Role
from tools.docs.sources import ROOT, table

PATH = ROOT / "docs" / "permissions.md"
OPENING = f"""\
# Permissions and roles

Written by `python -m tools.docs` from `portal/core/permissions.py`; change it there.

{cleandoc(Role.__doc__ or "")} Roles add up: somebody with two roles may do what either may. *Anybody* is somebody
who has not signed in, and only while an administrator has opened reading to everybody.

A permission says what may be done at all. Whether it may be done to this very thing is decided by the thing's
audience and by its feature's policies; `docs/routes.md` shows the outcome, page by page.

"""


def page() -> str:
    """Return the text of docs/permissions.md."""
    head = ("Permission", "anybody", *(role.value for role in Role))
    return OPENING + table(head, [_row(permission) for permission in Permission])


def _row(permission: Permission) -> tuple[str, ...]:
    anybody = _mark(permission in ANONYMOUS_PERMISSIONS)
    return f"`{permission.value}`", anybody, *(_mark(permission in PERMISSIONS[role]) for role in Role)


def _mark(may: bool) -> str:
    return "yes" if may else ""
