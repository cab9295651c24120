"""Where `next` may lead."""

from __future__ import annotations

import pytest

from portal.core.redirects import safe_next

HOST = "help.ostreyvale.example"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/kb/vpn-drops",
        "/kb/vpn-drops?via=search&page=2#md-do-it",
        "/search?q=caf%C3%A9+wifi%3A+slow",
        "/search?q=a/b",
        "/kb/%C3%BCber-uns",
        "/files/3/report.pdf",
        "/me/sessions/",
        "/~ana",
    ],
)
def test_our_own_paths_are_kept(target: str) -> None:
    assert safe_next(target, HOST) == target


def test_our_own_address_is_cut_to_its_path() -> None:
    assert safe_next(f"https://{HOST}/kb/x?y=1", HOST) == "/kb/x?y=1"
    assert safe_next(f"https://{HOST.upper()}/kb", HOST) == "/kb"


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "kb",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/%2fevil.example",
        "/%5cevil.example",
        "https:evil.example",
        "https://evil.example",
        f"https://{HOST}.evil.example/",
        f"https://{HOST}@evil.example/",
        f"https://evil.example/{HOST}",
        f"https://{HOST}//evil.example",
        f"https://{HOST}",
        "javascript:alert(1)",
        "/kb\r\nSet-Cookie: a=b",
        "/kb%0d%0aSet-Cookie:%20a=b/..",
        "/kb/../admin",
        "/kb/%2e%2e/admin",
        "/evil.example",
        "/evil.example/x",
        "/127.0.0.1:80",
        "/〱evil.example",
        "/evil。example",
        "/search?q=//evil.example",
        "/" + "a" * 3_000,
    ],
)
def test_everything_else_leads_home(target: str | None) -> None:
    assert safe_next(target, HOST) == "/"
    assert safe_next(target, HOST, home="/portal/") == "/portal/"
