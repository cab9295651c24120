"""The figures of METRICS 5 on a real log, and what `dity measure weblog` says of it."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics.weblog import surveying, telling
from analytics.weblog.days import Days, Memory
from analytics.weblog.reading import Batch, Reader
from analytics.weblog.robots import Robots
from analytics.weblog.surveying import ByAddress, Survey
from portal.measures.weblog import weblog
from tests.analytics.weblog.logs import MIDNIGHT, line, random_hits, text, visits_slowly


@pytest.fixture(scope="module")
def log(real_data: Path) -> Path:
    return real_data / "weblog" / "apache_access.log.gz"


@pytest.fixture(scope="module")
def told(log: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    return telling.as_object(surveying.survey([log], tmp_path_factory.mktemp("scratch")))


@pytest.mark.real_data
def test_every_figure_of_the_real_log(told: dict) -> None:
    assert (told["read"], told["parsed"], told["refused"]["n"]) == (10_000, 9_999, 1)
    assert told["refused"]["first"] == [{"file": "apache_access.log.gz", "line": 8899, "why": "no closing quote"}]
    assert (told["first"], told["last"]) == ("2015-05-17T10:05:00Z", "2015-05-20T21:05:59Z")
    assert (told["addresses"], told["visitors"], told["agents"]) == (1_753, 1_861, 558)
    assert (told["bytes"], told["without_bytes"]) == (2_747_282_505, 669)
    assert told["statuses"] == {
        "200": 9_125, "206": 45, "301": 164, "304": 445, "403": 2, "404": 213, "416": 2, "500": 3,
    }  # fmt: skip
    assert round(told["error_share"], 4) == 0.0220
    assert told["methods"] == {"GET": 9_951, "HEAD": 42, "POST": 5, "OPTIONS": 1}
    assert told["protocols"] == {"HTTP/1.1": 9_299, "HTTP/1.0": 700}
    assert [day["hits"] for day in told["days"]] == [1_632, 2_893, 2_896, 2_578]
    assert [day["addresses"] for day in told["days"]] == [341, 627, 561, 505]
    assert told["visitor_days"] == {"address_and_agent": 2_143, "address": 2_034}
    assert told["sessions"] == {"address_and_agent": 3_223, "address": 3_052}


@pytest.mark.real_data
def test_pages_visits_and_robots_of_the_real_log(told: dict) -> None:
    assert told["classes"] == {
        "bot": 2_773, "bad_request": 0, "method": 23, "status": 205, "static": 5_280, "page_view": 1_718,
    }  # fmt: skip
    assert (told["page_views"], told["page_view_addresses"]) == (1_718, 937)
    assert told["visits"] == {"address_and_agent": 1_130, "address": 1_122}
    assert told["robots"]["hits"] - told["robots"]["without_agent"] == 2_583
    assert (told["robots"]["without_agent"], told["robots"]["hits_by_four_words"]) == (190, 1_397)
    assert [(page["path"], page["views"]) for page in told["pages"][:5]] == [
        ("/projects/xdotool/", 203), ("/projects/xdotool/xdotool.xhtml", 143),
        ("/articles/dynamic-dns-with-dhcp/", 124), ("/", 116), ("/blog/geekery/ssl-latency.html", 73),
    ]  # fmt: skip


@pytest.mark.real_data
def test_targets_errors_and_referrers_of_the_real_log(told: dict) -> None:
    assert (told["targets"]["n"], told["paths"]["n"], told["not_found_paths"]) == (1_498, 1_368, 66)
    assert [(each["target"], each["hits"]) for each in told["targets"]["top"][:5]] == [
        ("/favicon.ico", 807), ("/style2.css", 546), ("/reset.css", 538), ("/images/jordan-80.png", 533),
        ("/images/web/2009/banner.png", 516),
    ]  # fmt: skip
    assert [each["hits"] for each in told["paths"]["top"][:5]] == [807, 575, 546, 538, 533]
    assert told["paths"]["top"][1]["path"] == "/"
    missing = told["errors"][0]
    assert (missing["path"], missing["hits"]) == ("/files/logstash/logstash-1.3.2-monolithic.jar", 61)
    assert told["without_referrer"] == 4_072
    outside = [each for each in told["referrers"] if "semicomplete" not in each["host"]]
    assert outside[0] == {"host": "www.google.com", "hits": 228}


@pytest.mark.real_data
def test_another_list_of_robots_gives_other_pages(log: Path, tmp_path: Path) -> None:
    class FourWords(Robots):
        def judge(self, agent: str) -> tuple[bool, bool]:
            _by_list, plainly = super().judge(agent)
            self.judged[agent] = (plainly, plainly)
            return self.judged[agent]

    found = surveying.survey([log], tmp_path, robots=FourWords())
    assert found.by_address is not None
    assert (found.whole.views, found.whole.visits, found.by_address.visits.total()) == (2_792, 1_701, 1_660)
    assert found.whole.pages.most_common(1) == [("/blog/tags/puppet", 487)]


@pytest.mark.real_data
def test_halves_that_know_nothing_of_each_other_would_count_a_visit_twice(log: Path, tmp_path: Path) -> None:
    content = gzip.decompress(log.read_bytes()).split(b"\n")[:10_000]
    halves = [tmp_path / "a", tmp_path / "b"]
    for place, part in zip(halves, (content[:5_000], content[5_000:]), strict=True):
        place.write_bytes(b"\n".join(part))
    alone = []
    for n, half in enumerate(halves):
        (tmp_path / f"alone{n}").mkdir()
        found = surveying.survey([half], tmp_path / f"alone{n}")
        assert found.by_address is not None
        alone.append(found.by_address.sessions.total())
    assert alone == [1_624, 1_429]
    for n, order in enumerate((halves, halves[::-1])):
        (tmp_path / f"both{n}").mkdir()
        whole = surveying.survey(order, tmp_path / f"both{n}")
        assert whole.by_address is not None
        assert (whole.by_address.sessions.total(), whole.whole.sessions, whole.whole.visits) == (3_052, 3_223, 1_130)


@pytest.mark.real_data
def test_what_is_no_access_log_is_refused_line_by_line(real_data: Path) -> None:
    done = CliRunner().invoke(weblog, [str(real_data / "weblog" / "not_an_access_log.json.gz")])
    assert done.exit_code == 2
    assert "500 lines read: 0 parsed, 500 refused." in done.output
    assert "line 20: JSON without time, address, request or status" in done.output


@pytest.mark.parametrize("seed", range(6))
def test_visits_by_address_are_those_of_sorting_everything(seed: int) -> None:
    hits = random_hits(seed, n=120)
    reader, found = Reader(Days(Memory())), Survey(by_address=ByAddress(Days(Memory(), most=0)))
    for part in (hits[:50], hits[50:]):
        batch = Batch(trail=[])
        reader.read(text([line(at, address, agent=f"Agent/{at % 3}") for address, at in part]), batch)
        found.take(batch)
    assert found.by_address is not None
    assert found.by_address.sessions.total() == visits_slowly(hits)


def test_the_command_tells_the_same_as_an_object_and_in_lines(tmp_path: Path) -> None:
    first, second = tmp_path / "a.log", tmp_path / "b.log.gz"
    first.write_bytes(text([line(MIDNIGHT - 60), "nonsense"]))
    second.write_bytes(
        gzip.compress(text([line(MIDNIGHT + 60, path="/tickets/new", came_from="http://wiki.example/x")]))
    )
    run = CliRunner()
    told = json.loads(run.invoke(weblog, [str(second), str(first), "--json"]).stdout)
    assert (told["read"], told["parsed"], told["sessions"]["address_and_agent"]) == (3, 2, 1)
    assert told["refused"]["first"] == [{"file": "a.log", "line": 2, "why": "not a line of an access log"}]
    assert told["opened"] == [{"what": "ticket", "from": "wiki.example/x", "views": 1}]
    lines = run.invoke(weblog, [str(first), str(second)]).stdout
    assert "3 lines read: 2 parsed, 1 refused." in lines
    assert "10.0.0.1" not in lines


def test_a_packed_file_that_breaks_off_stops_the_command(tmp_path: Path) -> None:
    broken = tmp_path / "a.gz"
    broken.write_bytes(gzip.compress(text([line(MIDNIGHT)]))[:-12])
    done = CliRunner().invoke(weblog, [str(broken)])
    assert done.exit_code == 2
    assert "cannot be read to its end" in done.output
