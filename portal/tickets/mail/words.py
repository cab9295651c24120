"""What somebody wrote in a mail, apart from what they quoted and from what stands below every mail of theirs."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

SAID = 9_500
REST = 100_000
LARGEST_PAGE = 400_000
MOST_LINES = 20_000
DEEPEST = 400

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,20})[^<>]{0,5000}>?")

_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|enc|doorst|ilt)\s*:", re.IGNORECASE)
_WROTE = re.compile(
    r"[^\n]{0,200}(?:\bwrote|\bschrieb(?:\s.{0,80})?|a écrit|\bescribió|ha scritto|escreveu|\bschreef(?:\s.{0,80})?"
    r"|yazdı|\bskrev(?:\s.{0,80})?|kirjoitti|napisał\(?a?\)?)\s*:\s*",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:On|Am|Le|El|Il|Em|Op|Den|W dniu)\s", re.IGNORECASE)
_DIVIDER = re.compile(
    r"\s*[-_]{2,}\s*(?:original (?:message|appointment)|ursprüngliche nachricht|originalnachricht|message d'origine"
    r"|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|orijinal (?:mesaj|ileti)"
    r"|forwarded message|weitergeleitete nachricht)\s*[-_]{2,}\s*",
    re.IGNORECASE,
)
_FROM = re.compile(r"\**(?:from|von|de|da|van|kimden|fra|från)\s*:\**\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"\**(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden|gönderme tarihi|tarih|sendt"
    r"|skickat)\s*:\**\s*\S",
    re.IGNORECASE,
)
_LINE = re.compile(r"_{20,}\s*")
_PHONE = re.compile(
    r"(?:sent (?:from|via) (?:my|the) [\w .-]{2,40}|get outlook for [\w .-]{2,40}.*|von meinem [\w .-]{2,40} gesendet"
    r"|gesendet (?:von|mit) [\w .-]{2,60}|envoyé (?:de|depuis) mon [\w .-]{2,40}|enviado desde mi [\w .-]{2,40}"
    r"|inviato da(?:l mio)? [\w .-]{2,40}|verstuurd vanaf mijn [\w .-]{2,40})[.!]?\s*",
    re.IGNORECASE,
)


def is_forwarded(subject: str) -> bool:
    """Say whether the mail hands on another one; then what it quotes is what it is about."""
    return bool(_FORWARDED.match(subject))


def cut(text: str, *, is_forwarded: bool = False) -> tuple[str, str]:
    """Return what was written, and what was quoted or stands below as a signature.

    A mail that answers between the lines of another is left whole; so is one that would be left without a word.
    """
    lines = [line.rstrip() for line in text.split("\n")[:MOST_LINES]]
    start, end = (0, len(lines)) if is_forwarded else _own(lines)
    end = _before_signature(lines, start, end)
    said = _joined(lines[start:end])
    if not said:
        said, start, end = _joined(lines), 0, len(lines)
    rest = _joined([*lines[:start], *lines[end:]])
    if len(said) > SAID:
        shortened = said[:SAID].rpartition("\n")[0] or said[:SAID]
        said, rest = f"{shortened.rstrip()}\n[…]", f"{said[len(shortened) :].lstrip()}\n\n{rest}"
    return said, rest.strip()[:REST]


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")


def _own(lines: list[str]) -> tuple[int, int]:
    """Return from where to where the sender's own words go."""
    end = _end(lines)
    start = 0
    quoted = [n for n in range(end) if lines[n].startswith(">")]
    if quoted:  # answered below, or between
        first, last = quoted[0], quoted[-1]
        is_one_block = all(lines[n].startswith(">") or not lines[n] for n in range(first, last))
        above = [line for line in lines[:first] if line and not _is_attribution(line)]
        if is_one_block and not above:
            start = last + 1
    return start, end


def _end(lines: list[str]) -> int:
    """Return where the quoted mail begins that stands below everything."""
    for n, line in enumerate(lines):
        if _DIVIDER.fullmatch(line) or _is_header_block(lines, n):
            return n - 1 if n and _LINE.fullmatch(lines[n - 1]) else n
    end = len(lines)
    while end and (not lines[end - 1] or lines[end - 1].startswith(">")):
        end -= 1
    if end == len(lines) or not any(line.startswith(">") for line in lines[end:]):
        return len(lines)
    if end > 1 and _BEGINS.match(lines[end - 2]) and _is_attribution(f"{lines[end - 2]} {lines[end - 1]}"):
        return end - 2  # broken over two lines
    return end - 1 if end and _is_attribution(lines[end - 1]) else end


def _is_attribution(line: str) -> bool:
    return len(line) < 400 and bool(_WROTE.fullmatch(line)) and bool(_BEGINS.match(line) or "@" in line or "<" in line)


def _is_header_block(lines: list[str], n: int) -> bool:
    if not _FROM.match(lines[n]):
        return False
    return any(_SENT.match(line) for line in lines[n + 1 : n + 4])


def _before_signature(lines: list[str], start: int, end: int) -> int:
    for n in range(max(start, end - 25), end):
        if lines[n] in ("--", "-- ", "—") and _joined(lines[start:n]):
            return n
    last = end
    while last > start and not lines[last - 1]:
        last -= 1
    if last > start and _PHONE.fullmatch(lines[last - 1].strip()) and _joined(lines[start : last - 1]):
        return last - 1
    return end


def of_page(page: str) -> str:
    """Return the words of an HTML page. The cleaner drops everything active, and nothing is loaded."""
    page = page[:LARGEST_PAGE]
    if _depth(page) > DEEPEST:  # the cleaner's time grows with the square of it
        return re.sub(r"[ \t]+", " ", unescape(_TAG.sub(" ", page))).strip()
    reader = _Reader()
    reader.feed(_cleaner().clean(page))
    reader.close()
    return reader.text()


def _depth(page: str) -> int:
    """Return how deep elements stand in each other, roughly, where ends are missing too much."""
    depth = deepest = 0
    for found in _TAG.finditer(page):
        if found[1]:
            depth = max(0, depth - 1)
        elif found[2].lower() not in _NEVER_CLOSED:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


_BLOCKS = ("p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "blockquote", "dl")
_EMPTY = "area base br col embed hr img input link meta p li td th tr source track wbr"
_NEVER_CLOSED = frozenset(_EMPTY.split(" "))
_KEPT = {*_BLOCKS, "br", "li", "a", "td", "th", "dt", "dd"}


def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_KEPT,
        attributes={"a": {"href"}},
        clean_content_tags={"script", "style", "title", "head", "noscript", "template", "svg", "math", "iframe"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


class _Reader(HTMLParser):
    """Writes a cleaned page as lines; quotations get the mark that mails in plain text have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._quotes: list[int] = [0]
        self._depth = 0
        self._href: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._break()
            self._depth += 1
            self._quotes[-1] = self._depth
        elif tag == "br":
            self._break(is_always=True)
        elif tag == "li":
            self._break()
            self._lines[-1].append("- ")
        elif tag in ("td", "th") and self._lines[-1]:
            self._lines[-1].append("  ")
        elif tag == "a":
            self._href.append((dict(attrs).get("href") or "", ""))
        elif tag in _BLOCKS or tag in ("dt", "dd"):
            self._break(n=2 if tag == "p" else 1)

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._break()
            self._depth = max(0, self._depth - 1)
            self._quotes[-1] = self._depth
        elif tag == "a" and self._href:
            self._close_link(*self._href.pop())
        elif tag in _BLOCKS:
            self._break(n=2 if tag == "p" else 1)

    def _close_link(self, href: str, shown: str) -> None:
        """Say where a link leads, where its words do not."""
        shown = " ".join(shown.split())
        bare = href.removeprefix("mailto:")
        if shown and bare.startswith("http") and shown.rstrip("/") not in (bare, bare.rstrip("/")):
            self._lines[-1].append(f" <{bare[:500]}>")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\n\xa0]+", " ", data)
        if self._href:
            href, shown = self._href[-1]
            self._href[-1] = (href, (shown + words)[:500])
        if words.strip() or self._lines[-1]:
            self._lines[-1].append(words if self._lines[-1] else words.lstrip())

    def _break(self, *, n: int = 1, is_always: bool = False) -> None:
        if not is_always and not self._lines[-1]:
            if n < 2 or len(self._lines) < 2 or not self._lines[-2]:
                return
            n = 1
        for _line in range(n):
            self._lines.append([])
            self._quotes.append(self._depth)

    def text(self) -> str:
        """Return the lines."""
        written = []
        for pieces, depth in zip(self._lines, self._quotes, strict=True):
            line = unescape("".join(pieces)).rstrip()
            written.append(f"{'>' * min(depth, 9)} {line}".rstrip() if depth else line)
        quoted = [line.startswith(">") for line in [*written, ""]]
        for n, line in enumerate(written):  # no empty lines at the edges of a quotation
            if line and not line.strip(">") and not (n and quoted[n - 1] and quoted[n + 1]):
                written[n], quoted[n] = "", False
        for n in reversed(range(len(written))):
            if written[n] and not written[n].strip(">") and not quoted[n + 1]:
                written[n], quoted[n] = "", False
        return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip("\n")
