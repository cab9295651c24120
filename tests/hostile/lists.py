"""The attack strings of other owners, read from the folder in REAL_DATA and never copied; and a handful of our own."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

OURS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "x' onmouseover='alert(1)",
    'x" autofocus onfocus="alert(1)',
    "<a href=`javascript:alert(1)`>x</a>",
    "</code></pre><script>alert(1)</script>",
    "</title></textarea></style></noscript><img src onerror=alert(1)>",
    "<math><mi//xlink:href='javascript:alert(1)'>",
    "<form><button formaction=javascript:alert(1)>x",
    "<details open ontoggle=alert(1)>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<span class=step-slot data-step=1-1 data-number=1></span>",
    '<a data-kb="x">y</a><img data-file="file:1" alt="x">',
    '[x](kb:a"onclick=alert(1))',
    "![x](file:1'onerror=alert(1))",
)


def lines(name: str) -> list[str]:
    """Return one of the lists (`xss`, `redirects`, `traversals`); skip the test when REAL_DATA names no folder."""
    folder = os.environ.get("REAL_DATA")
    if not folder:
        pytest.skip("REAL_DATA is not set: the list of attacks is not here")
    packed = (Path(folder) / "hostile" / f"{name}.txt.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8", errors="replace").splitlines()
