"""Settings of one installation: what is fixed before the portal starts.

Read by the factory, by the command line and by tests, by nobody else. Everything an administrator changes
while the portal runs (its name, mail, who may read) is a row of `portal.core.options` instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

DEVELOPMENT_KEY = "development-key-not-for-production"
PREFIX = "DITY_"


class SettingsError(Exception):
    """A setting is unknown, malformed or unsafe; the message names it and says what to do."""


def default_home() -> Path:
    """Return the platform's folder for user data, with `dity` below it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "dity"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation. Environment variables are these names in capitals behind `DITY_`."""

    home: Path = field(default_factory=default_home)
    """Folder that holds database, index, attachments, mail folder and secret of this installation."""
    database_url: str = ""
    """Database to use, for example `postgresql://dity@localhost/dity`. Empty: SQLite inside the home folder."""
    secret_key: str = ""
    """Key that signs cookies and pseudonyms. Empty: read from `secret_key_file`, made there on the first start."""
    secret_key_file: Path | None = None
    """File that holds the secret key. Empty: `secret.key` inside the home folder."""
    kb_path: Path = Path("kb_articles")
    """Folder of article files that `dity kb sync` reads."""
    host: str = "127.0.0.1"
    """Address that `dity serve` listens on."""
    port: int = 8000
    """Port that `dity serve` listens on."""
    public_url: str = ""
    """Address people use, for links in mail, for example `https://help.example.org/it`. Empty: host and port."""
    workers: int = 2
    """Number of web worker processes."""
    threads: int = 4
    """Threads in each web worker."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names the portal answers to, separated by commas. Empty: that of `public_url`, and this machine."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set `X-Forwarded-*`. 0: such headers are not believed."""
    url_prefix: str = ""
    """Path the portal lives under behind a proxy, for example `/it`. Empty: the root."""
    demo: bool = False
    """The demo organisation: sign-in without passwords by picking a person, mail shown on a page."""
    debug: bool = False
    """Development only: reloads templates, allows the development key."""
    testing: bool = False
    """Set by tests: no background threads, cheap password hashes."""
    log_format: str = "console"
    """`console` for people, `json` for machines."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""
    searches_per_minute: int = 60
    """How many searches one person, or one address that is not signed in, may make in a minute."""
    suggestions_per_minute: int = 300
    """How many lists of suggestions the same may ask for in a minute; typing asks for several a search."""
    api_reads_per_minute: int = 600
    """How often one token may ask for something in a minute."""
    api_changes_per_minute: int = 120
    """How often one token may change something in a minute."""
    upload_limit: int = 10_000_000
    """Largest request in bytes, attachments included."""
    imap_password: str = ""
    """Password of the mailbox from which mail to the service desk is fetched."""
    imap_password_file: Path | None = None
    """File that holds that password."""
    weblog_folders: tuple[str, ...] = ()
    """Folders in which logs of web servers may be watched, separated by commas. Empty: none is watched."""
    inside_hosts: tuple[str, ...] = ()
    """Hosts inside your network that webhooks and link checks may reach, `name` or `name:port`, separated by commas."""

    def __post_init__(self) -> None:
        """Refuse (SettingsError) debugging where anybody but the developer could come."""
        is_here = self.host in ("127.0.0.1", "::1", "localhost") and not self.public_url and not self.trusted_proxies
        if self.debug and not is_here:
            raise SettingsError(
                f"{PREFIX}DEBUG is for this machine alone. Switch it off, or leave out {PREFIX}HOST, {PREFIX}PUBLIC_URL"
                f" and {PREFIX}TRUSTED_PROXIES."
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, prefix: str = PREFIX) -> Settings:
        """Read settings from the environment; refuse unknown names and malformed values (SettingsError)."""
        given = os.environ if environ is None else environ
        known = {prefix + f.name.upper(): f for f in fields(cls)}
        values: dict[str, object] = {}
        for name, text in given.items():
            if not name.startswith(prefix):
                continue
            if name not in known:
                close = ", ".join(sorted(known))
                raise SettingsError(f"{name} is not a setting of the portal. Known are: {close}.")
            values[known[name].name] = _convert(name, str(known[name].type), text)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """SQLAlchemy address of the database; PostgreSQL always through psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{(self.home / 'dity.sqlite3').absolute()}"
        for scheme in ("postgres://", "postgresql://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    @property
    def outside_url(self) -> str:
        """Address of the portal as people see it, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}{self.url_prefix}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        """True when people reach the portal by TLS: cookies are then Secure and carry the `__Host-` prefix."""
        return self.public_url.startswith("https://")

    def mailbox_password(self) -> str:
        """Return the password of the mailbox; refuse (SettingsError) a file that cannot be read."""
        if self.imap_password or self.imap_password_file is None:
            return self.imap_password
        try:
            return self.imap_password_file.read_text().strip()
        except OSError as trouble:
            raise SettingsError(f"{PREFIX}IMAP_PASSWORD_FILE cannot be read: {trouble}") from None

    def secret(self) -> str:
        """Return the secret key, made with mode 0600 on the first start.

        Refuses (SettingsError) a short key, and the development key outside debug and testing.
        """
        key = self.secret_key or self._secret_from_file()
        if key == DEVELOPMENT_KEY and not (self.debug or self.testing):
            raise SettingsError(
                "The secret key is the development key. Remove DITY_SECRET_KEY and a safe one is made for you."
            )
        if len(key) < 32:
            raise SettingsError("The secret key is shorter than 32 characters. Remove it and a safe one is made.")
        return key

    def _secret_from_file(self) -> str:
        path = self.secret_key_file or self.home / "secret.key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            pass
        import secrets

        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first; its key is complete after its fsync
            return self._wait_for_secret(path)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return path.read_text().strip()

    @staticmethod
    def _wait_for_secret(path: Path) -> str:
        import time

        for _ in range(100):
            if key := path.read_text().strip():
                return key
            time.sleep(0.02)
        raise SettingsError(f"{path} is empty. Delete it and start again.")


def _convert(name: str, kind: str, text: str) -> object:
    if kind == "bool":
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise SettingsError(f"{name} is {text!r}; say true or false.")
    if kind == "int":
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{name} is {text!r}; say a whole number.") from None
    if kind.startswith("Path"):
        return Path(text).expanduser() if text else None
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
