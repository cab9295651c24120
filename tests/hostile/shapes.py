"""Texts made to be slow to parse: one mark or a few, repeated to about `n` characters."""

from __future__ import annotations

from collections.abc import Callable

SHAPES: dict[str, Callable[[int], str]] = {
    "[": lambda n: "[" * n,
    "![": lambda n: "![" * (n // 2),
    "[a](": lambda n: "[a](" * (n // 4),
    "[a](kb:a)": lambda n: "[a](kb:a) " * (n // 10),
    "pictures": lambda n: "![a](file:1) " * (n // 13),
    "references": lambda n: (
        "".join(f"[a{i}]: http://x/\n" for i in range(n // 30)) + "".join(f"[a{i}] " for i in range(n // 30))
    ),
    "^[": lambda n: "^[" * (n // 2),
    "footnotes": lambda n: (
        "".join(f"[^{i}] " for i in range(n // 22)) + "\n\n" + "".join(f"[^{i}]: x\n\n" for i in range(n // 22))
    ),
    "<": lambda n: "<" * n,
    "<a": lambda n: "<a " * (n // 3),
    "<!--": lambda n: "<!--" * (n // 4),
    "<b>": lambda n: "<b>x</b>" * (n // 8),
    ">": lambda n: ">" * n,
    "> >": lambda n: "> " * (n // 2),
    "quotes": lambda n: "\n".join(">" * (i % 100 + 1) + " x" for i in range(n // 55)),
    "- -": lambda n: "- " * (n // 2),
    "deep list": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5))),
    "steps": lambda n: "1. a\n" * (n // 5),
    "nested steps": lambda n: "1. a\n   1. b\n      1. c\n" * (n // 24),
    "expected": lambda n: "1. a\n   → b\n" * (n // 13),
    "arrows": lambda n: "→ a\n" * (n // 6),
    "wide table": lambda n: "|" + "a|" * (n // 6) + "\n|" + "-|" * (n // 6) + "\n|" + "b|" * (n // 6) + "\n",
    "long table": lambda n: "|a|b|\n|-|-|\n" + "|c|d|\n" * (n // 6),
    "definitions": lambda n: "a\n: b\n\n" * (n // 8),
    "*a": lambda n: "*a " * (n // 3),
    "a**b": lambda n: "a**b" * (n // 4),
    "*_": lambda n: "*_" * (n // 2),
    "_a": lambda n: "_a " * (n // 3),
    "~~a": lambda n: "~~a " * (n // 4),
    "~a": lambda n: "~a" * (n // 2),
    "++a": lambda n: "++a" * (n // 3),
    "`a": lambda n: "`a" * (n // 2),
    "growing ticks": lambda n: "".join("`" * i + "a" for i in range(1, int((2 * n) ** 0.5))),
    "&": lambda n: "&" * n,
    "\\": lambda n: "\\" * n,
    "addresses": lambda n: "http://a.b " * (n // 11),
    "one address": lambda n: "http://" + "a." * (n // 2),
    "http://[": lambda n: "http://[" * (n // 8),
    "a@": lambda n: "a@" * (n // 2),
    "a.": lambda n: "a." * (n // 2) + "@",
    "fences": lambda n: "```\na\n```\n\n" * (n // 12),
    "open fences": lambda n: "```\n\n~~~\n" * (n // 9),
    "callouts": lambda n: "/// note\na\n///\n\n" * (n // 17),
    "open callouts": lambda n: "/// note\n" * (n // 9),
    "nested callouts": lambda n: "/// note\n" * (n // 18) + "///\n" * (n // 18),
    "callouts in a step": lambda n: "1. a\n\n" + "    /// note\n    a\n    ///\n\n" * (n // 30),
    "variants": lambda n: "/// windows\n1. a\n///\n\n" * (n // 22),
    "headings": lambda n: "# a\n" * (n // 4),
    "paragraphs": lambda n: "a b c\n\n" * (n // 7),
    "lines": lambda n: "a b c d\n" * (n // 8),
    "rules": lambda n: "---\n\n" * (n // 5),
    "abbreviations": lambda n: (
        "".join(f"*[A{i}]: x\n" for i in range(min(100, n // 12))) + "\n" + "A1 A2 A3 " * (n // 10)
    ),
    "spaces": lambda n: " " * n + "a",
    "tabs": lambda n: "\t" * n + "a",
    "NUL": lambda n: "\0" * n,
    '"': lambda n: '"' * n,
    "CRLF": lambda n: "a\r\n" * (n // 3),
}
