"""`make assets`: build style sheets, scripts and icons once, instead of at the first start."""

from __future__ import annotations

from portal.core.assets import STATIC, build


def main() -> None:
    out_dir = STATIC / "dist"
    build(STATIC, out_dir)
    files = [path for path in out_dir.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    print(f"{len(files)} files in {out_dir.relative_to(STATIC.parents[1])}")


if __name__ == "__main__":
    main()
