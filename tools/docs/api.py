"""Writes docs/api.md from the declarations: how a program begins, every operation, and what webhooks tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.core.operations import explaining
from portal.core.operations.document import API_VERSION
from portal.core.operations.explaining import Explained, Field
from portal.core.operations.operation import PREFIX, PROBLEMS, problem_type
from portal.core.registry import registry
from portal.core.scopes import WORDS
from portal.webhooks.events import PUBLIC_EVENTS
from tools.docs.app import reference_app
from tools.docs.sources import ROOT, table

PATH = ROOT / "docs" / "api.md"
BASE = f"https://help.example.org{PREFIX}"
OPENING = f"""\
# The API and webhooks

Written by `python -m tools.docs` from the operations as they are declared (version {API_VERSION}). The portal shows the
same at `{PREFIX}/`, and as OpenAPI 3.1 at `{PREFIX}/openapi.json`.

## Begin

1. Sign in, open *Your account*, *Tokens*, tick what the token is good for, and copy it. (For a program that is
   nobody's, an administrator makes one under *Administration*, *Service accounts*.)
2. Ask who you are, then search:

```sh
TOKEN=dity_…
curl -H "Authorization: Bearer $TOKEN" "{BASE}/me"
curl -H "Authorization: Bearer $TOKEN" "{BASE}/search?q=vpn+drops"
```

"""
SCOPES = """\
## Scopes

"""
WEBHOOKS = """\
## Webhooks

Under *Administration*, *Webhooks* an administrator names an address (https) and the events it hears of. Each is posted
within a minute, in the order in which they happened, as JSON:

```json
{
  "id": "0b7c9b0e-5d0c-4c55-9d5e-3a8f7f0a9f11",
  "event": "article.changed",
  "at": "2026-03-09T09:00:00+00:00",
  "about": {"kind": "article", "id": 12, "slug": "reset-vpn", "url": "https://help.example.org/kb/reset-vpn"},
  "data": {"version": 3, "change": "minor", "revision": 7}
}
```

Nobody is named and no words are told, and of what not everybody signed in may see nothing is told at all. Answer with
a 2xx within five seconds. Anything else is tried again after 1 minute, 5, 30, 2 hours and every 6 hours, for a day;
the events behind it wait, so the order holds. After a week of failures the webhook is switched off. Whoever added it is
told both times. A delivery can come twice: know it again by `id`, which is also in the header `Dity-Delivery`.

### Check that it comes from the portal

The header `Dity-Signature` reads `t=1767225600,v1=5f2c…`: the time, and an HMAC-SHA256 of `t.body` by the webhook's
secret (two of them while a secret is being replaced). In Python, with `body` as it came, before any JSON is read:

```python
def is_ours(secret: str, header: str, body: bytes) -> bool:
    time, *signatures = header.removeprefix("t=").replace("v1=", "").split(",")
    wanted = hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()
    is_signed = any(hmac.compare_digest(wanted, one) for one in signatures)
    return is_signed and abs(datetime.now(UTC).timestamp() - int(time)) < 300
```

### Events

"""


def page() -> str:
    """Return the text of docs/api.md."""
    with reference_app() as app, app.test_request_context():
        told = [explaining.explained(one, BASE) for one in registry().operations.values()]
        told.sort(key=lambda one: explaining.ORDER.index(one.operation.group))
        events = [(f"`{one.key}`", str(one.text), _names(one.props)) for one in PUBLIC_EVENTS.values()]
        problems = [(f"`{problem_type(kind)}`", str(n), text) for kind, (n, text) in PROBLEMS.items()]
        scopes = [(f"`{scope.value}`", str(words)) for scope, words in WORDS.items()]
    return "".join(
        (
            OPENING,
            "".join(f"{part}\n\n" for part in explaining.paragraphs()),
            SCOPES + table(("Scope", "Lets a program"), scopes),
            "".join(_operations(told)),
            "\n## Problems\n\n",
            table(("Type", "Status", "When"), problems),
            "\n" + WEBHOOKS + table(("Event", "When", "Data"), events),
        )
    )


def _names(props: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in props)


def _operations(told: list[Explained]) -> Iterator[str]:
    group = ""
    for one in told:
        if one.operation.group != group:
            group = one.operation.group
            yield f"\n## {group}\n"
        yield _operation(one)


def _operation(one: Explained) -> str:
    operation = one.operation
    scope = f"Scope `{operation.scope.value}`. " if operation.scope else "Any token. "
    address = f"`{operation.method} {PREFIX}{operation.path}`"
    parts = [f"\n### {operation.summary}\n\n{address}\n\n{scope}{operation.about}".rstrip()]
    parts.append(f"\n\n```sh\n{one.curl}\n```\n")
    for title, rows in (("Takes", [*one.parameters, *one.body]), ("Answers", one.answer)):
        if rows:
            lines = [_row(row, is_asked=title == "Takes") for row in rows]
            parts.append("\n" + table((title, "What", "Meaning"), lines))
    parts.append(f"\nStatuses: {one.statuses}.\n")
    return "".join(parts)


def _row(row: Field, *, is_asked: bool) -> tuple[str, str, str]:
    return f"`{row.name}`{' (needed)' if is_asked and row.is_needed else ''}", row.what, row.about
