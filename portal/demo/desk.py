"""What lies half written on the editors' desk."""

from __future__ import annotations

import io

from flask import current_app
from sqlalchemy import select

from portal.core.database import db
from portal.demo.cast import Cast
from portal.kb.models import Category
from portal.kb.writing import drafts, pictures

TITLE = "Sign in on a shared workshop computer"
SUMMARY = "Your badge signs you in and out. No password, and nothing of yours stays behind."
BODY = """## Sign in

1. Press any key to wake the bench PC.
2. Hold your badge to the reader on the left.
   → It beeps once and shows a green light.
3. Choose **your name** if two are shown.

{picture}

/// warning
Two beeps mean the badge is not known.
Do not try more than three times.
///

## Sign out

1. Take the badge away.
   → The screen locks after five seconds.
"""
SEARCHED = ["bench pc login", "workshop pc password"]


def write(cast: Cast) -> None:
    """Let Dara leave a draft, with a picture, for what people at the Old Mill searched in vain."""
    actor = cast.actor("dara")
    topic = db.session.execute(select(Category).where(Category.slug == "passwords")).scalar_one()
    # Whether she sees what the picture hangs on is asked in words that hold addresses.
    with current_app.test_request_context():
        draft = drafts.begin(actor, category=topic, title=TITLE, summary=SUMMARY, queries=SEARCHED)
        alt = "Badge held to the reader, which shows a green light"
        picture = pictures.add(actor, draft, io.BytesIO(drawn()), "reader.png", alt=alt, is_decoration=False)
        drafts.save(actor, draft, {"body": BODY.format(picture=pictures.source(picture))}, lock=draft.lock)


def drawn() -> bytes:
    """Return a drawing of a badge, a reader with its light, and a screen."""
    from PIL import Image, ImageDraw  # only the one who fills the demo draws

    sheet = Image.new("RGB", (900, 270), "#f4f2ec")
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((420, 30, 710, 200), 12, fill="#3b4553")
    pen.rectangle((436, 46, 694, 184), fill="#5f7080")
    pen.rectangle((548, 200, 582, 228), fill="#3b4553")
    pen.rounded_rectangle((490, 228, 640, 240), 6, fill="#3b4553")
    pen.rounded_rectangle((278, 116, 362, 236), 12, fill="#1c2330")
    pen.ellipse((310, 132, 330, 152), fill="#2fbf71")
    for n, width in enumerate((22, 34)):
        pen.arc((320 - width, 178 - width, 320 + width, 178 + width), 235, 305, fill="#ffffff", width=5 - n)
    badge = Image.new("RGBA", (110, 74), "#00000000")
    on_badge = ImageDraw.Draw(badge)
    on_badge.rounded_rectangle((1, 1, 108, 72), 8, fill="#ffffff", outline="#cfcabf", width=2)
    on_badge.rectangle((16, 24, 70, 30), fill="#cfcabf")
    on_badge.rectangle((16, 40, 54, 46), fill="#cfcabf")
    badge = badge.rotate(14, expand=True, resample=Image.Resampling.BICUBIC)
    sheet.paste(badge, (180, 62), badge)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
