"""Builds `static/dist/`: what browsers load, named by its content so that it can be cached for ever.

There is no bundler (docs/adr). The style sheets are joined into one file, because every page needs all of them early;
the scripts stay ES modules, because a page loads only those it uses. A module's name holds the hash of its content, and
of the content of what it imports: imports are rewritten to the hashed names, so that no inline import map is needed,
which the content security policy would refuse.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import importlib.util
import json
import os
import posixpath
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, has_request_context, request
from markupsafe import Markup, escape
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

brotli = importlib.import_module("brotli") if importlib.util.find_spec("brotli") else None

PORTAL = Path(__file__).resolve().parents[1]
STATIC = PORTAL / "static"
PREFIX = "/static/"
KEPT_SECONDS = 7 * 24 * 3600
COPIED = ("*.svg", "*.png", "*.ico", "*.webmanifest", "img/**/*.svg", "img/**/*.png")
HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.\w+$")
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}/[^"'\s]+\.js)\2""")
_EXPORT = re.compile(r"^export const (\w+)", re.MULTILINE)
_WITHIN_NAME = re.compile(r"(?=[A-Z])")
_PLAIN_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
_DARK = re.compile(r"""\[data-bs-theme=["']?dark["']?\]""")
_CONTROLLERS_MARK = "/* controllers */"


class AssetError(Exception):
    """A source under `static/` asks for something that is not there, or modules import each other in a ring."""


@dataclass(frozen=True)
class Manifest:
    """Which built file stands for which logical name ("css/app.css")."""

    files: Mapping[str, str]
    stamp: str = ""

    def url(self, name: str, prefix: str = PREFIX) -> str:
        """Return the address of a built file; an unknown name is a mistake in a template (AssetError)."""
        try:
            return prefix + self.files[name]
        except KeyError:
            raise AssetError(f"no asset is called {name!r}") from None


def install(app: Flask) -> None:
    """Build what is stale, serve it below `/static/`, and give templates `asset("css/app.css")`.

    In debug, every request looks for changed sources. Where the program's own folder cannot be written (a container,
    a system-wide installation), the files are built in the home folder instead.
    """
    out_dir = STATIC / "dist"
    try:
        manifest = build(STATIC, out_dir)
    except OSError:
        out_dir = Path(app.config["DITY"].home) / "static"
        manifest = build(STATIC, out_dir)

    def asset(name: str) -> str:
        return manifest.url(name, (request.script_root if has_request_context() else "") + PREFIX)

    def rebuild() -> None:
        nonlocal manifest
        manifest = build(STATIC, out_dir)

    def draw_icon(name: str, label: str | None = None, size: str | None = None) -> Markup:
        return _drawing(asset("icons.svg"), name, label, size)

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["draw_icon"] = draw_icon
    if app.debug:
        app.before_request(rebuild)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=out_dir,
        prefix=PREFIX,
        autorefresh=app.debug,
        immutable_file_test=is_immutable,
        add_headers_function=_protect,
    )


@lru_cache(maxsize=2048, typed=True)
def _drawing(sprite: str, name: str, label: str | None, size: str | None) -> Markup:
    """Return an icon; drawn once, since a page holds dozens."""
    said = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    look = f"icon icon-{name} icon-{size}" if size else f"icon icon-{name}"
    drawing = f'<svg class="{look}"{said}><use href="{sprite}#{name}"/></svg>'
    return Markup(drawing)  # noqa: S704 - names come from templates, the label is escaped


def _protect(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def is_immutable(path: str, url: str) -> bool:
    """Tell a server of static files (WhiteNoise's `immutable_file_test`) that this address never changes content."""
    return HASHED_NAME.search(url) is not None


def build(static_dir: Path, out_dir: Path) -> Manifest:
    """Build everything that browsers load, unless the last build is of the same sources.

    Safe to run in several processes at once: files are put in place whole and the manifest comes last.
    """
    stamp = _stamp(static_dir)
    manifest_file = out_dir / "manifest.json"
    if manifest_file.exists():
        last = json.loads(manifest_file.read_text(encoding="utf-8"))
        if last["stamp"] == stamp and all((out_dir / name).exists() for name in last["files"].values()):
            return Manifest(last["files"], stamp)
    files: dict[str, str] = {}
    for name, content in _outputs(static_dir):
        files[name] = _hashed(name, content)
        _write(out_dir / files[name], content)
    _write(manifest_file, json.dumps({"stamp": stamp, "files": files}, indent=1).encode(), compress=False)
    _sweep(out_dir, set(files.values()))
    return Manifest(files, stamp)


def join_styles(static_dir: Path, bootstrap: str) -> str:
    """Return Bootstrap and our own sheets as one text, in the order of the cascade."""
    ours = ["css/tokens.css", "css/base.css", "css/components/*.css", "css/features/*.css", "css/print.css"]
    sheets = [
        path for pattern in (f"vendor/bootstrap@*/{bootstrap}", *ours) for path in sorted(static_dir.glob(pattern))
    ]
    return "\n".join(follow_device(_squeeze(sheet.read_text(encoding="utf-8"))) for sheet in sheets)


def follow_device(css: str) -> str:
    """Repeat the rules of the dark theme for the theme "auto" on devices that are set to dark.

    So the dark colours are written once. Only rules outside of at-rules are looked at.
    """
    repeated = []
    for selectors, body in _rules(css):
        dark = [s for s in selectors.split(",") if _DARK.search(s)]
        if dark and not selectors.startswith("@"):
            repeated.append(_DARK.sub("[data-bs-theme=auto]", ",".join(dark)) + "{" + body + "}")
    return css + ("\n@media (prefers-color-scheme:dark){" + "".join(repeated) + "}" if repeated else "")


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield selector and body of the rules at the outermost level."""
    depth = start = opened = 0
    for found in re.finditer(r"[{}]", css):
        if found.group() == "{":
            if depth == 0:
                opened = found.start()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : found.start()]
                start = found.end()


def _squeeze(css: str) -> str:
    """Drop comments and indentation; comments with a mark of exclamation hold licences and stay."""
    return re.sub(r"\s*\n\s*", "\n", _PLAIN_COMMENT.sub("", css)).strip()


def _outputs(static_dir: Path) -> Iterator[tuple[str, bytes]]:
    yield "css/app.css", join_styles(static_dir, "bootstrap.min.css").encode()
    yield "css/app.rtl.css", join_styles(static_dir, "bootstrap.rtl.min.css").encode()
    for pattern in COPIED:
        for path in sorted(static_dir.glob(pattern)):
            if "dist" not in path.relative_to(static_dir).parts:
                yield path.relative_to(static_dir).as_posix(), path.read_bytes()
    yield from Modules.read(static_dir).hashed()


@dataclass(frozen=True)
class Modules:
    """The scripts by logical name; vendored ones are found under `js/vendor/` whatever their version."""

    sources: Mapping[str, str]

    @classmethod
    def read(cls, static_dir: Path) -> Modules:
        sources = {p.relative_to(static_dir).as_posix(): p.read_text("utf-8") for p in static_dir.glob("js/**/*.js")}
        sources |= {f"js/vendor/{p.name}": p.read_text("utf-8") for p in static_dir.glob("vendor/*/*.js")}
        if "js/main.js" in sources:
            sources["js/main.js"] = sources["js/main.js"].replace(_CONTROLLERS_MARK, cls._registry(sources))
        return cls(sources)

    @staticmethod
    def _registry(sources: Mapping[str, str]) -> str:
        """Return the lines that name every controller, for the table in main.js.

        `copy_link_controller.js` is one, by default; `reading_controllers.js` has one for each name it exports.
        """
        lines = []
        for name in sorted(n for n in sources if n.startswith("js/controllers/")):
            load = f'() => import("./{name.removeprefix("js/")}")'
            stem = posixpath.basename(name).removesuffix(".js")
            if stem.endswith("_controller"):
                lines.append(f'"{stem.removesuffix("_controller").replace("_", "-")}": {load},')
            elif stem.endswith("_controllers"):
                called = [(_WITHIN_NAME.sub("-", export).lower(), export) for export in _EXPORT.findall(sources[name])]
                lines += [f'"{c}": {load}.then((all) => ({{ default: all.{export} }})),' for c, export in called]
        return "\n".join(lines)

    def hashed(self) -> Iterator[tuple[str, bytes]]:
        """Yield every module with its imports rewritten to hashed names."""
        done: dict[str, bytes] = {}
        for name in sorted(self.sources):
            self._rewrite(name, done, ())
        yield from done.items()

    def _rewrite(self, name: str, done: dict[str, bytes], importers: tuple[str, ...]) -> bytes:
        if name in importers:
            raise AssetError("modules import each other in a ring: " + " -> ".join((*importers, name)))
        if name in done:
            return done[name]

        def rewritten(found: re.Match[str]) -> str:
            before, quote, wanted = found.groups()
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), wanted))
            if target not in self.sources:
                raise AssetError(f"{name} imports {wanted}, which is not there")
            content = self._rewrite(target, done, (*importers, name))
            built = posixpath.relpath(_hashed(target, content), posixpath.dirname(name))
            return f"{before}{quote}{built if built.startswith('.') else './' + built}{quote}"

        done[name] = _IMPORT.sub(rewritten, self.sources[name]).encode()
        return done[name]


def _hashed(name: str, content: bytes) -> str:
    stem, suffix = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"


def _write(path: Path, content: bytes, *, compress: bool = True) -> None:
    """Put a file in place whole, with its compressed twins where they are worth it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    versions = {"": content}
    if compress and len(content) > 400:
        versions[".gz"] = gzip.compress(content, 9, mtime=0)
        if brotli is not None:
            versions[".br"] = brotli.compress(content)
    for suffix, data in versions.items():
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, f"{path}{suffix}")


def _stamp(static_dir: Path) -> str:
    """Return a digest of names, sizes and times of the sources, and of this builder."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(str(brotli is not None).encode())
    for path in sorted(static_dir.rglob("*")):
        if path.is_file() and "dist" not in path.relative_to(static_dir).parts:
            facts = path.stat()
            digest.update(f"{path.relative_to(static_dir)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def _sweep(out_dir: Path, wanted: set[str]) -> None:
    """Remove what builds of more than a week ago left behind: pages opened before an upgrade still find their files."""
    keep = {"manifest.json", *wanted, *(f"{n}.gz" for n in wanted), *(f"{n}.br" for n in wanted)}
    for path in out_dir.rglob("*"):
        is_old = path.is_file() and path.stat().st_mtime < time.time() - KEPT_SECONDS
        if is_old and path.relative_to(out_dir).as_posix() not in keep:
            path.unlink(missing_ok=True)
