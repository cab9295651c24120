"""What the demo brings to the house: being somebody, and its mail. The `dity demo` command hangs in `portal.cli`."""

from __future__ import annotations

from portal.core.feature import Feature, Panel
from portal.demo import views


def feature() -> Feature:
    return Feature(
        name="demo",
        blueprints=(views.bp,),
        panels=(Panel(slot="sign_in.cards", render=views.cards),),
    )
