"""What a mail says, whatever it is made of (portal.tickets.mail.reading, words, signs, bounces, verdicts)."""

from __future__ import annotations

import random
import time
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart

import pytest

from portal.tickets.mail import plain, signs, verdicts, words
from portal.tickets.mail.reading import Mail, read
from tests.factories.files import picture
from tests.factories.letters import letter

REPLY = "Still broken.\n\n"
QUOTES = [
    "On Mon, 9 Mar 2026 at 10:02, Service desk <desk@ostreyvale.example> wrote:\n> Please restart it.\n> Cleo\n",
    "Am 09.03.2026 um 10:02 schrieb Service desk <desk@ostreyvale.example>:\n> Bitte neu starten.\n",
    "Le lun. 9 mars 2026 à 10:02, Cleo <desk@ostreyvale.example> a écrit :\n\n> Redémarrez.\n",
    "On Mon, 9 Mar 2026 at 10:02, Service desk\n<desk@ostreyvale.example> wrote:\n> Please restart it.\n",
    "-----Original Message-----\nFrom: Cleo\nSent: Monday\n\nPlease restart it.\n",
    "Von: Cleo <desk@ostreyvale.example>\nGesendet: Montag, 9. März 2026 10:02\nAn: Ana\nBetreff: AW\n\nBitte.\n",
    "________________________________\nFrom: Cleo\nSent: Monday\nTo: Ana\n\nPlease restart it.\n",
    "-- \nAna Ruiz\nFinance\n",
    "Sent from my iPhone\n",
    "> Please restart it.\n",
]


@pytest.mark.parametrize("below", QUOTES)
def test_what_is_quoted_below_is_cut_off_and_kept(below: str) -> None:
    said, rest = words.cut(REPLY + below)
    assert said == "Still broken."
    assert rest.splitlines()[-1] == below.rstrip().splitlines()[-1]


def test_an_answer_below_the_quotation_is_found_and_one_between_the_lines_left_whole() -> None:
    assert words.cut("Am Montag schrieb Cleo <c@x.example>:\n> Geht es?\n\nNein.") == (
        "Nein.",
        "Am Montag schrieb Cleo <c@x.example>:\n> Geht es?",
    )
    between = "Hello,\n> one\nyes\n> two\nno"
    assert words.cut(between) == (between, "")


def test_a_mail_handed_on_keeps_what_it_hands_on() -> None:
    text = "See below.\n\n-----Original Message-----\nFrom: Ben\nSent: Monday\n\nThe printer smokes."
    assert words.cut(text, is_forwarded=words.is_forwarded("FW: Smoke")) == (text, "")
    only = "-----Original Message-----\nFrom: Ben\nSent: Monday\n\nThe printer smokes."
    assert words.cut(only) == (only, ""), "nothing would be left of it"


def test_words_of_a_page_are_read_and_nothing_of_it_is_loaded() -> None:
    page = (
        "<html><head><title>No</title><style>p{}</style></head><body><script>alert(1)</script>"
        '<p>It <b>drops</b> again.<img src="http://track.example/1.gif"></p><ul><li>one<li>two</ul>'
        '<a href="http://evil.example/x">Sign in</a> <a href="javascript:alert(1)">now</a>'
        "<blockquote><p>older</p></blockquote></body></html>"
    )
    text = words.of_page(page)
    assert text == "It drops again.\n\n- one\n- two\nSign in <http://evil.example/x> now\n\n> older"
    assert "track.example" not in text


def test_a_page_is_shown_as_the_text_it_is() -> None:
    html = plain.html('<script>alert(1)</script> [x](javascript:1)\nhttps://a.example/?q="x".\n\n# two')
    assert html == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:1)<br>\n"
        '<a href="https://a.example/?q=" rel="nofollow noopener">https://a.example/?q=</a>&#34;x&#34;.</p><p># two</p>'
    )


def test_encodings_headers_and_nuls_of_all_kinds_are_read() -> None:
    raw = (
        b"From: =?iso-8859-1?q?J=F6rg?= <JOERG@Ostreyvale.Example>\r\nTo: desk@ostreyvale.example\r\n"
        b"Subject: =?utf-8?b?RHLDvGNrZXI=?= =?x-none?q?=E4?= \xff\x00here\r\n"
        b"\tBcc: eve@evil.example\r\nContent-Type: text/plain; charset=windows-1252\r\n"
        b"\r\nK\xe4se \x00\x1b[31m\r\nok\r\n"
    )
    mail = read(raw)
    assert (mail.sender, mail.sender_name) == ("joerg@ostreyvale.example", "Jörg")
    assert mail.subject.startswith("Drucker".replace("u", "ü"))
    assert "\n" not in mail.subject
    assert "\x00" not in mail.subject + mail.said
    assert mail.said == "Käse [31m\nok"


def test_charsets_that_are_made_for_something_else_are_not_used() -> None:
    for name in ("punycode", "idna", "unicode_escape", "rot13", "zlib", "utf-7", "nonsense"):
        raw = f"From: a@b.example\nContent-Type: text/plain; charset={name}\n\n{'a-' * 300_000}".encode()
        started = time.process_time()
        assert read(raw).said.startswith("a-a-")
        assert time.process_time() - started < 2


def test_who_names_several_senders_or_none_names_nobody() -> None:
    for sender in ("a@b.example, c@d.example", "", "Ana", "<@>", "a@b@c.example"):
        assert read(f"From: {sender}\n\nhi".encode()).sender == ""
    assert read(b"From: ana@x.example\nFrom: ada@x.example\n\nhi").sender == ""


def test_attached_files_mails_and_pictures_come_along_and_ornaments_do_not() -> None:
    mail = letter("ana@ostreyvale.example", "See the picture.")
    mail.add_attachment(picture() * 20, maintype="image", subtype="png", filename="../../scr\u202eeen.png")
    mail.add_attachment(
        b"GIF89a", maintype="image", subtype="gif", cid="<logo>", disposition="inline", filename="l.gif"
    )
    mail.add_attachment(letter("ben@ostreyvale.example", "Look at this.", Subject="Smoke"))
    read_mail = read(mail.as_bytes())
    assert [file.name.rpartition("/")[2] for file in read_mail.files][1:] == ["Smoke.txt"]
    assert b"Look at this." in read_mail.files[1].content
    assert read_mail.said == "See the picture."


def test_huge_deep_and_crowded_mails_are_read_in_bounded_time() -> None:
    started = time.process_time()
    large = read(b"From: a@b.example\n\n" + b"a line of words\n" * 650_000)
    assert (len(large.said) <= words.SAID + 10, large.is_whole) == (True, True)
    deep = b"From: a@b.example\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000)
    )
    assert not read(deep).is_whole
    crowd = MIMEMultipart()
    crowd["From"] = "a@b.example"
    for n in range(600):
        part = EmailMessage()
        part.set_content(b"x" * 50, maintype="application", subtype="pdf", filename=f"{n}.pdf")
        crowd.attach(part)
    crowded = read(crowd.as_bytes())
    assert (len(crowded.files), crowded.n_left_out > 100) == (10, True)
    for page in (b"<div>" * 80_000, b"<!--" * 80_000, b"<a href='" * 40_000, b"&" * 400_000, b"<p>" * 130_000):
        read(b"From: a@b.example\nContent-Type: text/html\n\n" + page)
    for header in (b"=?utf-8?q?" * 5000, b"(" * 50_000, b'"' * 50_000, b"<a@b>," * 20_000, b"a b " * 20_000):
        read(b"From: " + header + b"\nSubject: " + header + b"\nReferences: " + header + b"\n\nhi")
    assert time.process_time() - started < 10


def test_what_is_built_to_take_a_minute_takes_seconds() -> None:
    """One stranger's mail must not keep everybody's from being dealt with."""
    mixed = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    page = b"--b\nContent-Type: text/html\n\n" + b"&" * 400_000 + b"\n"
    mail = (
        b"--b\nContent-Type: message/rfc822\n\nFrom: c@d.example\nContent-Type: text/html\n\n" + b"&" * 400_000 + b"\n"
    )
    started = time.process_time()
    pages, mails = read(mixed + page * 50 + b"--b--\n"), read(mixed + mail * 35 + b"--b--\n")
    parts, head = (
        read(mixed + b"--b\n\nhi\n" * 2_000_000),
        read(b"From: a@b.example\n" + b"X: y\n" * 4_000_000 + b"\nhi"),
    )
    assert time.process_time() - started < 12
    assert (pages.is_whole, mails.is_whole, parts.is_whole, head.is_whole) == (True, True, False, False)
    assert {one.sender for one in (pages, mails, parts, head)} == {"a@b.example"}


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        ({"Auto-Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
        ({"Auto-Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "Precedence: bulk"),
        ({"X-Auto-Response-Suppress": "All"}, "X-Auto-Response-Suppress"),
        ({"X-Auto-Response-Suppress": "DR, OOF"}, ""),
        ({"List-Id": "<news.example>"}, "list-id"),
        ({"Return-Path": "<>"}, "Return-Path: <>"),
        ({"X-Autoreply": "yes"}, "x-autoreply"),
    ],
)
def test_a_machine_is_known_by_its_headers(headers: dict[str, str], sign: str) -> None:
    lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
    assert read(f"{lines}From: a@b.example\n\nhi".encode()).automatic == sign


@pytest.mark.parametrize(
    ("subject", "is_automatic"),
    [
        ("Automatic reply: VPN", True),
        ("Re: Out of office", True),
        ("Abwesenheitsnotiz: VPN", True),
        ("Réponse automatique : VPN", True),
        ("How do I set my out of office note?", False),
        ("Automatic door is stuck", False),
    ],
)
def test_an_absence_is_known_by_its_subject(subject: str, is_automatic: bool) -> None:
    assert bool(signs.automatic({}, subject)) is is_automatic


DSN = """From: MAILER-DAEMON@mx.example
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ana@ostreyvale.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ana@ostreyvale.example>:
    Recipient address rejected
--b
Content-Type: message/rfc822

Message-ID: <ticket.1.abc@portal.example>
Subject: hi

text
--b--
"""
PLAIN_BOUNCE = """From: "Mail Delivery System" <postmaster@old.example>
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: ana@ostreyvale.example

This message was created automatically.
  ana@ostreyvale.example
    550 5.2.2 Mailbox full

------ This is a copy of the message. ------
Message-ID: <ticket.1.abc@portal.example>
"""


def test_mail_that_came_back_is_known_in_the_standard_form_and_others() -> None:
    bounce = read(DSN.format(action="failed", status="5.1.1").encode()).bounce
    assert bounce is not None
    assert (bounce.code, bounce.is_final, "<ticket.1.abc@portal.example>" in bounce.ids) == ("5.1.1", True, True)
    assert bounce.words.startswith("550 5.1.1 <ana@ostreyvale.example>: Recipient")
    late = read(DSN.format(action="delayed", status="4.4.1").encode()).bounce
    assert late is not None
    assert not late.is_final
    other = read(PLAIN_BOUNCE.encode()).bounce
    assert other is not None
    assert (other.code, other.words, other.is_final) == ("5.2.2", "550 5.2.2 Mailbox full", True)
    assert read(letter("ana@x.example", Subject="Mail delivery failed again").as_bytes()).bounce is None


def test_only_our_own_server_says_who_is_forged() -> None:
    def judged(*headers: str) -> Mail:
        lines = "".join(f"Authentication-Results: {header}\n" for header in headers)
        return read(f"{lines}From: a@b.example\n\nhi".encode())

    us = "mx.ostreyvale.example"
    ours = f"{us}; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail (p=none) header.from=b.example"
    assert verdicts.is_forged(judged(ours), us)
    assert not verdicts.is_forged(judged(ours), "")
    assert not verdicts.is_forged(judged("evil.example; dmarc=pass", ours), us), "below a foreign one all is foreign"
    assert not verdicts.is_forged(judged(f"{us}; dmarc=pass", "evil.example; dmarc=fail"), us)
    assert verdicts.is_forged(judged(f"{us}; spf=fail; dkim=fail"), us)
    assert not verdicts.is_forged(judged(f"{us}; spf=softfail; dkim=pass"), us)


def test_three_hundred_mutated_mails_are_read_without_a_word_of_protest() -> None:
    chance = random.Random(4)
    seeds = [
        letter("ana@ostreyvale.example", "Words – ümläut\n").as_bytes(),
        DSN.format(action="failed", status="5.1.1").encode(),
        PLAIN_BOUNCE.encode(),
        b"From: a@b.example\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+aGk8L2I+",
    ]
    mail = letter("ana@ostreyvale.example")
    mail.add_alternative("<p>It <b>drops</b>.</p>", subtype="html")
    mail.add_attachment(picture(), maintype="image", subtype="png", filename="scr.png")
    seeds.append(mail.as_bytes())
    pieces = rb"""00 ff fe 0d 0a0a 2d2d62 3b 22 3d3f 3f3d""".split()
    pieces = [bytes.fromhex(piece.decode()) for piece in pieces] + [b"charset=", b"boundary=", b"*0*=", b"<", b">>>"]
    pieces += [b"Content-Type: message/rfc822\n", b"Content-Type: multipart/mixed\n", b"filename*=utf-8''%ff"]
    for _n in range(300):
        raw = bytearray(chance.choice(seeds))
        for _change in range(chance.randint(1, 12)):
            at = chance.randrange(len(raw) + 1)
            raw[at : at + chance.choice((0, 0, 1, 20, 200))] = chance.choice(pieces)
        found = read(bytes(raw))
        text = "".join((found.subject, found.said, found.rest, found.sender, *(file.name for file in found.files)))
        assert "\x00" not in text
        text.encode()
