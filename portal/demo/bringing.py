"""What Ada brought along: a list of people, imported, and a folder of somebody's notes that she has only looked at."""

from __future__ import annotations

import io
import zipfile

from portal.core.actor import Actor
from portal.demo.organisation import DOMAIN
from portal.imports import services as imports
from portal.people import queries as people
from portal.people.services import actor_of

STAFF = f"""\
Full name;E-mail;Department
Ana Ruiz;ana@{DOMAIN};Finance
Ben Kaya;ben@{DOMAIN};Finance
Mia Duarte;mia@{DOMAIN};Workshop
Tom Reed;tom.reed(at){DOMAIN};Workshop
Dara Voss;dara@{DOMAIN};Facilities
Sam Brandt;sam@{DOMAIN};IT
Ana Ruiz;ana@{DOMAIN};Sales
"""
NOTES = {
    "workshop-notes/sanding/change-the-belt.md": """\
---
title: Change the belt of the sander
keywords: sander, belt, workshop
questions:
  - workshop@ostreyvale.example
redirect_from:
  - /sander/
---
1. Switch the machine off and hang up the sign.
2. Loosen the lever on the left.

    → The belt hangs free.

3. Put the new belt on, arrow to the right. See [the belts we use](../stores/belts.md).
""",
    "workshop-notes/stores/belts.md": """\
---
title: Belts we use
---
| Machine | Belt |
| --- | --- |
| Long sander | 150 × 2000, grain 120 |
| Edge sander | 200 × 750, grain 80 |

{% include "prices.html" %}

Order more from [the list]({% page "/stores/order-list/" %}).
""",
    "workshop-notes/stores/glue.md": """\
---
title: Glue: which one when
---
White glue inside, blue glue outside.
""",
    "workshop-notes/README.md": "Notes from the noticeboard, typed up in March.\n",
}
"""The third one is faulty: a title with a colon wants quotes."""


def bring() -> None:
    """Let the list be imported and the notes be looked at by the jobs that follow."""
    ada = people.by_email(f"ada@{DOMAIN}")
    if ada is None:
        return
    actor = actor_of(ada)
    run = imports.bring(actor, "people", io.BytesIO(STAFF.encode()), name="staff-list.csv")
    imports.run_it(actor, run)
    _look_at(actor, "workshop-notes.zip")


def _look_at(actor: Actor, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in NOTES.items():
            archive.writestr(path, text)
    packed.seek(0)
    imports.try_out(actor, imports.bring(actor, "articles", packed, name=name))
