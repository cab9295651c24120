"""What is kept of a path: where somebody went, and nothing that names them or lets anybody in."""

from __future__ import annotations

import pytest

from analytics.weblog.targets import referrer, shown_path

KEY = "9fK2mQ7xLp0ZtR4vBn8sWc1y"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/people/ana.ruiz%40ostreyvale.example/x", "/people/[address]/x"),
        ("/people/ana%2540ostreyvale.example", "/people/[address]"),
        ("/~ana@ostreyvale.example", "/~[address]"),
        ("/reset/7K3F9QWX2HTBM0ND4CPZXV8ERJ", "/reset/[key]"),
        ("/s/7K3F-9QWX-2HTB-M0ND-4CPZ-XV8E-RJ", "/s/[key]"),
        (f"/auth/{TOKEN}", "/auth/[key]"),
        ("/x;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9", "/x;jsessionid=[key]"),
        (f"/x;sid={KEY};page=2", "/x;sid=[key];page=2"),
        ("/media/3f2504e0-4f89-11d3-9a0c-0305e82c3301.png", "/media/[key]"),
        ("/call/+442079460018", "/call/[number]"),
        ("/call/%2B44-20-7946-0018", "/call/[number]"),
    ],
)
def test_what_names_somebody_or_lets_somebody_in_is_blotted_out(path: str, kept: str) -> None:
    assert shown_path(path) == kept


@pytest.mark.parametrize(
    "path",
    [
        "/kb/how-to-install-the-vpn-app-2026-on-windows-11",
        "/files/kb_articles/win/KB5034441",
        "/guides/Windows-11-Installation-Guide.pdf",
        "/tickets/20260309",
        "/c%2B%2B/40-tips",
    ],
)
def test_pages_keep_their_names(path: str) -> None:
    assert shown_path(path) == path


def test_where_somebody_came_from_is_kept_by_the_same_rule() -> None:
    found = referrer(f"https://mail.example/box/ana%40ostreyvale.example;sid={KEY}?x=1")
    assert found is not None
    assert found.page == "mail.example/box/[address];sid=[key]"
