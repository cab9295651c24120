"""What a file is called when it is saved."""

from __future__ import annotations

import pytest

from portal.files.names import download_name, extension


@pytest.mark.parametrize(
    ("given", "saved"),
    [
        ("Report.PDF", "Report.pdf"),
        ("C:\\Users\\ana\\Desktop\\my report.pdf", "my report.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".htaccess", "file.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("inv\u202efdp.exe", "invfdp.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.old.pdf", "_lpt1.old.pdf"),
        ('a<b>:"|?*c.pdf', "a-b-c.pdf"),
        ("Rechnung für Ü.pdf", "Rechnung für Ü.pdf"),
        ("日本語.pdf", "日本語.pdf"),
        ("a%2f..%2fb.pdf", "a-2f..-2fb.pdf"),
        ("tab\there.pdf", "tab here.pdf"),
    ],
)
def test_a_name_is_one_plain_line_with_our_ending(given: str, saved: str) -> None:
    assert download_name(given, "pdf") == saved


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    saved = download_name("a" * 300 + ".jpeg", "jpg")
    assert len(saved) == 120
    assert saved.endswith("a.jpg")


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ("a.PNG", "png"),
        ("a.png.exe", "exe"),
        ("a", ""),
        ("a.", ""),
        ("a.p/g", ""),
        ("a.png\u202e", "png"),
        ("a.b c", ""),
    ],
)
def test_the_ending_is_what_follows_the_last_full_stop(given: str, ending: str) -> None:
    assert extension(given) == ending
