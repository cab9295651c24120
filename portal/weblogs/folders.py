"""Where watched logs may lie: in folders that whoever runs the portal has named, and nowhere else on the machine."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from flask_babel import gettext as _


def named() -> tuple[Path, ...]:
    """Return the folders that were named (`weblog_folders`)."""
    return tuple(Path(each).expanduser() for each in current_app.config["DITY"].weblog_folders)


def hold(path: Path) -> bool:
    """Tell whether a path lies in one of them, wherever links on its way lead to."""
    try:
        real = path.resolve()
        return any(real.is_relative_to(folder.resolve()) for folder in named())
    except (OSError, ValueError):  # links that lead in a circle; a name no file can have
        return False


def told() -> str:
    """Say where a watched log may lie."""
    folders = named()
    if not folders:
        return _(
            "No folder of this machine may be watched. Whoever runs the portal names those that may in "
            "DITY_WEBLOG_FOLDERS; until then bring files by hand."
        )
    return _("It has to lie in one of these folders: %(folders)s.", folders=", ".join(map(str, folders)))
