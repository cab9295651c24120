"""Work of the community apart from requests."""

from __future__ import annotations

from typing import Any

from portal.community import answers, counting, experts


def tell_followers(payload: dict[str, Any]) -> None:
    """Tell who follows a question what became of it."""
    answers.tell_followers(payload["kind"], answer_id=payload["answer"], by=payload["by"])


def recount(payload: dict[str, Any]) -> None:
    """Bring the counts in step with the rows they count, such as votes of people who were erased since."""
    counting.recount()


def remind(payload: dict[str, Any]) -> None:
    """Call to mind what nobody has answered."""
    experts.remind()
