"""The build of style sheets and scripts: names by content, rewritten imports, the dark theme, budgets, serving."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from portal.core import assets
from portal.core.assets import AssetError, build, follow_device, is_immutable


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    """A small folder of sources: one sheet, a main module with one controller and one library."""
    write(tmp_path / "vendor/bootstrap@5.3.9/bootstrap.min.css", "/*! MIT */.btn{color:red}/*# map */")
    write(tmp_path / "vendor/bootstrap@5.3.9/bootstrap.rtl.min.css", "/*! MIT */.btn{color:green}")
    write(tmp_path / "vendor/htmx.org@4.0.1/htmx.esm.min.js", "export default 1;")
    write(tmp_path / "css/tokens.css", '/* why */\n[data-bs-theme="dark"] {\n  --paper: #000;\n}\n')
    write(tmp_path / "css/components/chip.css", ".chip { color: var(--ink); }")
    write(tmp_path / "icons.svg", "<svg/>")
    write(tmp_path / "js/main.js", 'const controllers = {\n/* controllers */\n};\nimport("./lib/htmx.js");\n')
    write(
        tmp_path / "js/controllers/copy_link_controller.js",
        'import { say } from "../lib/say.js";\nexport default say;\n',
    )
    write(tmp_path / "js/lib/say.js", "export const say = () => 1;\n")
    write(tmp_path / "js/lib/htmx.js", 'await import("../vendor/htmx.esm.min.js");\n')
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def built(static_dir: Path, name: str) -> str:
    out = static_dir / "dist"
    return (out / build(static_dir, out).files[name]).read_text(encoding="utf-8")


def test_one_sheet_holds_bootstrap_before_ours_without_comments(static_dir: Path) -> None:
    css = built(static_dir, "css/app.css")
    assert css.index(".btn") < css.index("--paper") < css.index(".chip")
    assert "why" not in css
    assert "# map" not in css


def test_comments_that_hold_a_licence_stay(static_dir: Path) -> None:
    assert "/*! MIT */" in built(static_dir, "css/app.css")


def test_right_to_left_pages_get_bootstraps_mirrored_sheet(static_dir: Path) -> None:
    assert "green" in built(static_dir, "css/app.rtl.css")


def test_a_name_changes_with_the_content_and_only_then(static_dir: Path) -> None:
    before = build(static_dir, static_dir / "dist").files
    write(static_dir / "css/components/chip.css", ".chip { color: var(--muted); }")
    after = build(static_dir, static_dir / "dist").files
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"css/app.css", "css/app.rtl.css"}


def test_a_changed_module_renames_those_that_import_it(static_dir: Path) -> None:
    before = build(static_dir, static_dir / "dist").files
    write(static_dir / "js/lib/say.js", "export const say = () => 2;\n")
    after = build(static_dir, static_dir / "dist").files
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"js/lib/say.js", "js/controllers/copy_link_controller.js", "js/main.js"}


def test_imports_lead_to_files_that_are_there(static_dir: Path) -> None:
    out = static_dir / "dist"
    files = build(static_dir, out).files
    importer = out / files["js/controllers/copy_link_controller.js"]
    wanted = importer.read_text().split('"')[1]
    assert (importer.parent / wanted).resolve() == (out / files["js/lib/say.js"]).resolve()


def test_the_table_of_controllers_names_each_by_its_attribute(static_dir: Path) -> None:
    main = built(static_dir, "js/main.js")
    name = build(static_dir, static_dir / "dist").files["js/controllers/copy_link_controller.js"]
    assert f'"copy-link": () => import("./{name.removeprefix("js/")}")' in main


def test_a_file_of_several_controllers_is_loaded_once_and_names_each(static_dir: Path) -> None:
    write(
        static_dir / "js/controllers/reading_controllers.js",
        "const own = 1;\nexport const toc = () => own;\nexport const copyAll = () => 2;\n",
    )
    main = built(static_dir, "js/main.js")
    name = build(static_dir, static_dir / "dist").files["js/controllers/reading_controllers.js"].removeprefix("js/")
    for called, export in (("toc", "toc"), ("copy-all", "copyAll")):
        assert f'"{called}": () => import("./{name}").then((all) => ({{ default: all.{export} }}))' in main
    assert '"own"' not in main


def test_vendored_modules_are_imported_without_their_version(static_dir: Path) -> None:
    assert "../vendor/htmx.esm.min." in built(static_dir, "js/lib/htmx.js")


def test_an_import_of_something_missing_is_refused_by_name(static_dir: Path) -> None:
    write(static_dir / "js/lib/say.js", 'import "./gone.js";')
    with pytest.raises(AssetError, match=r"js/lib/say\.js imports \./gone\.js"):
        build(static_dir, static_dir / "dist")


def test_modules_that_import_each_other_are_refused(static_dir: Path) -> None:
    write(static_dir / "js/lib/say.js", 'import "./hear.js";')
    write(static_dir / "js/lib/hear.js", 'import "./say.js";')
    with pytest.raises(AssetError, match="in a ring"):
        build(static_dir, static_dir / "dist")


def test_an_unknown_asset_is_refused(static_dir: Path) -> None:
    with pytest.raises(AssetError, match=r"css/typo\.css"):
        build(static_dir, static_dir / "dist").url("css/typo.css")


def test_a_build_of_the_same_sources_writes_nothing(static_dir: Path) -> None:
    out = static_dir / "dist"
    first = build(static_dir, out)
    (out / first.files["icons.svg"]).write_text("touched")
    assert build(static_dir, out) == first
    assert (out / first.files["icons.svg"]).read_text() == "touched"


def test_a_build_with_a_file_missing_is_made_again(static_dir: Path) -> None:
    out = static_dir / "dist"
    first = build(static_dir, out)
    (out / first.files["icons.svg"]).unlink()
    assert build(static_dir, out) == first
    assert (out / first.files["icons.svg"]).read_text() == "<svg/>"


def test_the_compressed_twin_unpacks_to_the_same(static_dir: Path) -> None:
    write(static_dir / "icons.svg", "<svg>" + "<g/>" * 200 + "</svg>")
    out = static_dir / "dist"
    path = out / build(static_dir, out).files["icons.svg"]
    assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_files_of_last_month_go_and_those_of_yesterday_stay(static_dir: Path) -> None:
    out = static_dir / "dist"
    month, yesterday = out / "css/app.0123456789ab.css", out / "css/app.ba9876543210.css"
    for path, days in ((month, 30), (yesterday, 1)):
        write(path, "old")
        os.utime(path, (time.time() - days * 86400,) * 2)
    build(static_dir, out)
    assert (month.exists(), yesterday.exists()) == (False, True)


def test_dark_rules_are_repeated_for_devices_set_to_dark() -> None:
    css = follow_device('[data-bs-theme="dark"]{--a:1}.x,[data-bs-theme=dark] .y{--b:2}')
    assert css.endswith("@media (prefers-color-scheme:dark){[data-bs-theme=auto]{--a:1}[data-bs-theme=auto] .y{--b:2}}")


def test_rules_inside_of_at_rules_are_not_repeated() -> None:
    css = "@media print{[data-bs-theme=dark]{--a:1}}"
    assert follow_device(css) == css


def test_our_own_assets_are_built_in_a_moment(tmp_path: Path) -> None:
    sources = shutil.copytree(assets.STATIC, tmp_path / "static", ignore=shutil.ignore_patterns("dist"))
    started = time.process_time()
    build(sources, sources / "dist")
    assert time.process_time() - started < 2


def test_everything_a_page_can_load_fits_the_budget(tmp_path: Path) -> None:
    manifest = build(assets.STATIC, tmp_path)

    def size(*names: str) -> int:
        paths = [tmp_path / manifest.files[name] for name in names]
        twins = [Path(f"{path}.gz") for path in paths]
        return sum((twin if twin.exists() else path).stat().st_size for path, twin in zip(paths, twins, strict=True))

    scripts = [name for name in manifest.files if name.startswith("js/")]
    assert size(*scripts) < 100_000
    assert size("css/app.css", "icons.svg", "favicon.svg", *scripts) < 150_000


def test_vendored_files_are_the_ones_written_down() -> None:
    vendor = assets.STATIC / "vendor"
    listed = json.loads((vendor / "vendor.json").read_text())
    for package in listed:
        folder = vendor / f"{package['name']}@{package['version']}"
        found = {
            path.name: "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
            for path in folder.iterdir()
        }
        assert found == package["files"], folder.name
        assert "LICENSE" in found
    assert {p.name for p in vendor.iterdir()} == {f"{p['name']}@{p['version']}" for p in listed} | {"vendor.json"}


@pytest.fixture
def served(static_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(assets, "STATIC", static_dir)
    app = Flask(__name__, static_folder=None)
    app.config["DITY"] = SimpleNamespace(home=tmp_path / "home")
    return app


def address(app: Flask, name: str) -> str:
    found: str = app.jinja_env.globals["asset"](name)  # type: ignore[operator]
    return found


def test_built_files_are_served_for_ever_and_compressed(served: Flask) -> None:
    assets.install(served)
    response = served.test_client().get(address(served, "js/main.js"), headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.mimetype == "text/javascript"
    response.close()


def test_addresses_keep_the_path_the_portal_lives_under(served: Flask) -> None:
    assets.install(served)
    with served.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/it"}):
        assert address(served, "icons.svg").startswith("/it/static/icons.")


def test_where_the_program_cannot_be_written_the_home_folder_is_used(served: Flask, static_dir: Path) -> None:
    write(static_dir / "dist", "a file in the way")
    assets.install(served)
    response = served.test_client().get(address(served, "icons.svg"))
    assert response.data == b"<svg/>"
    response.close()


def test_in_debug_a_changed_source_is_seen_by_the_next_request(served: Flask, static_dir: Path) -> None:
    served.debug = True
    assets.install(served)
    served.add_url_rule("/", "page", lambda: address(served, "icons.svg"))
    client = served.test_client()
    before = client.get("/").text
    write(static_dir / "icons.svg", "<svg>new</svg>")
    after = client.get("/").text
    assert before != after
    response = client.get(after)
    assert response.data == b"<svg>new</svg>"
    response.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/static/css/app.0123456789ab.css", True), ("/static/manifest.json", False), ("/static/css/app.css", False)],
)
def test_only_names_with_a_hash_never_change(url: str, expected: bool) -> None:
    assert is_immutable("", url) is expected
