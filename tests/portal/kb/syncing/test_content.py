"""Article files: read whole, and every problem named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.kb.syncing import checks, content
from tests.factories.kb import write_file


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in checks.fatal(content.read(folder))]


def test_a_file_becomes_an_article(tmp_path: Path) -> None:
    write_file(tmp_path, tags="[vpn, home-working]", verified_on="2026-11-12", review_by="2027-03-12")
    (article,) = content.read(tmp_path).articles
    assert (article.slug, article.category, article.tags) == ("vpn-drops", "network", ("home-working", "vpn"))
    assert article.body.startswith("## Keep the network card awake")
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        ({"owner": None}, 1, "needs 'owner'"),
        ({"status": "hidden"}, 6, "status must be one of"),
        ({"owner": "dara"}, 5, "owner must be a mail address"),
        ({"colour": "red"}, 7, "'colour' is not a key"),
        ({"tags": "vpn"}, 7, "tags must be a list"),
        ({"tags": "[VPN]"}, 7, "tags must be a list"),
        ({"verified_on": "soon"}, 7, "verified_on must be a date"),
        ({"verified_on": "2026-02-30"}, 1, "impossible value"),
        ({"verified_on": "2026-05-01", "review_by": "2026-05-01"}, 8, "review_by must be later"),
        ({"category": "nowhere"}, 4, "there is no category 'nowhere'"),
        ({"title": "[a, b]"}, 2, "title must be text"),
        ({"title": "x" * 201}, 2, "title is longer than 200"),
        ({"summary": "'open quote"}, 2, "the front matter is not YAML"),
    ],
)
def test_a_wrong_front_matter_is_named_by_line(tmp_path: Path, front: dict[str, str], line: int, words: str) -> None:
    path = write_file(tmp_path, **{key: value for key, value in front.items() if key != "category"})
    if "category" in front:
        path.write_text(path.read_text().replace("category: network", f"category: {front['category']}"))
    found = problems(tmp_path)
    assert any(text.startswith("network/vpn-drops.md:") and words in text for text in found), found
    if "YAML" not in words:
        assert any(f".md:{line}: " in text for text in found), found


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no front matter", "has no front matter"),
        (b"---\ntitle: x\n", "has no front matter"),
        (b"---\n- a\n---\n", "must be lines of"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"---\ntitle: x\ntitle: y\n---\n", "stated twice"),
        (b"---\na: !!python/object:os.system {}\n---\n", "not YAML"),
        (b"---\n\n---\n" + b"x" * 100_001, "longer than"),
    ],
)
def test_a_broken_file_is_a_problem_not_a_crash(tmp_path: Path, data: bytes, words: str) -> None:
    write_file(tmp_path)
    (tmp_path / "network" / "broken.md").write_bytes(data)
    found = [text for text in problems(tmp_path) if text.startswith("network/broken.md:")]
    assert any(words in text for text in found), found
    assert len(content.read(tmp_path).articles) == 1, "the good file is still read"


def test_two_articles_of_one_name_are_refused(tmp_path: Path) -> None:
    write_file(tmp_path)
    (tmp_path / "categories.toml").write_text(
        (tmp_path / "categories.toml").read_text() + '[[category]]\nslug = "mail"\ntitle = "Mail"\n'
    )
    write_file(tmp_path, category="mail")
    assert any("has the same name as" in text for text in problems(tmp_path))


def test_a_dead_link_is_named_by_line(tmp_path: Path) -> None:
    write_file(tmp_path, body="See this.\n\nAnd [that](kb:no-such-article).\n")
    assert problems(tmp_path) == ["network/vpn-drops.md:10: the link kb:no-such-article leads nowhere"]


def test_a_link_inside_code_is_no_link(tmp_path: Path) -> None:
    write_file(tmp_path, body="```\n[that](kb:no-such-article)\n```\n")
    assert problems(tmp_path) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    write_file(folder)
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: secret\n---\n")
    (folder / "network" / "secret.md").symlink_to(secret)
    assert [article.slug for article in content.read(folder).articles] == ["vpn-drops"]


def test_a_missing_folder_says_which_setting_names_it(tmp_path: Path) -> None:
    (problem,) = content.read(tmp_path / "nowhere").problems
    assert "DITY_KB_PATH" in str(problem)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("# A second title\n", "begin with ##"),
        ("1. One.\n3. Three.\n", "should be number 2"),
        ("![](assets/x.png)\n", "no text that stands in"),
        ("![A menu](assets/x.png)\n", "there is no picture"),
        ("Notwithstanding organisational considerations, infrastructural reconfiguration necessitates "
         "comprehensive administrative authorisation.\n", "reads hard"),
    ],
)  # fmt: skip
def test_advice_says_what_to_mend(tmp_path: Path, body: str, words: str) -> None:
    write_file(tmp_path, body=body, verified_on="2026-05-01")
    advice = [str(problem) for problem in checks.advice(content.read(tmp_path), tmp_path)]
    assert any(words in text for text in advice), advice


def test_two_articles_that_share_a_paragraph_are_told_so(tmp_path: Path) -> None:
    body = "Call the service desk, tell them your name, your laptop's number and what you tried.\n"
    write_file(tmp_path, "one", body=body)
    write_file(tmp_path, "two", body=body)
    advice = [str(problem) for problem in checks.advice(content.read(tmp_path), tmp_path)]
    assert "network/two.md:8: shares a paragraph with network/one.md" in advice


def test_our_own_articles_hold_every_rule() -> None:
    folder = Path(__file__).parents[4] / "kb_articles"
    found = content.read(folder)
    assert [str(problem) for problem in checks.fatal(found)] == []
    assert [str(problem) for problem in checks.advice(found, folder)] == []
    assert len(found.articles) >= 60
