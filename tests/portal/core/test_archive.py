"""Archives that were cut, altered, or never ours are refused before anything of them is used (QUALITY R15)."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from portal.core.archive import FORMAT, MANIFEST, BackupDamaged, Manifest, Writer, extract, verify

CONTENT = {"home/files/ab/plan.png": b"picture" * 5000, "home/files/empty": b"", "rows/person.jsonl": b'["id"]\n[1]\n'}


def write(path: Path, members: dict[str, bytes] = CONTENT, *, in_manifest: dict[str, bytes] | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        writer = Writer(archive)
        for name, content in members.items():
            writer.add_bytes(name, content)
        listed = writer.members if in_manifest is None else _listed(in_manifest)
        manifest = Manifest(
            made_at="2026-03-09T09:00:00+00:00", revision="1", counts={"person": 1}, members=dict(listed)
        )
        writer.add_bytes(MANIFEST, manifest.to_json())
    return path


def _listed(members: dict[str, bytes]) -> dict[str, object]:
    with tarfile.open(fileobj=io.BytesIO(), mode="w") as nowhere:
        writer = Writer(nowhere)
        for name, content in members.items():
            writer.add_bytes(name, content)
        return dict(writer.members)


def test_what_was_packed_comes_out_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "whole.tar.gz")
    manifest = extract(path, tmp_path / "out")
    assert verify(path) == manifest
    assert {name: (tmp_path / "out" / name).read_bytes() for name in CONTENT} == CONTENT
    assert manifest.n_files == 2
    assert manifest.n_bytes == sum(map(len, CONTENT.values()))
    assert (tmp_path / "out" / "home/files/empty").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_archive_is_refused(tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "cut.tar.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupDamaged, match=r"cut\.tar\.gz"):
        verify(path)


def test_a_flipped_byte_is_refused_unless_it_says_the_same(tmp_path: Path) -> None:
    """Packing has synonyms: a flip in one of those, or in the name gzip notes for itself, changes no content."""
    path = write(tmp_path / "flipped.tar.gz")
    whole = path.read_bytes()
    packed, n_refused = gzip.decompress(whole), 0
    for place in range(0, len(whole), 3):
        altered = whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]
        path.write_bytes(altered)
        try:
            verify(path)
        except BackupDamaged:
            n_refused += 1
        else:
            assert gzip.decompress(altered) == packed
    assert n_refused > len(whole) / 3 * 0.9


def test_a_piece_exchanged_by_somebody_with_time_is_refused(tmp_path: Path) -> None:
    other = {**CONTENT, "home/files/ab/plan.png": b"another"}
    path = write(tmp_path / "exchanged.tar.gz", other, in_manifest=CONTENT)
    with pytest.raises(BackupDamaged, match=r"altered: home/files/ab/plan\.png"):
        verify(path)


def test_a_piece_left_out_is_refused(tmp_path: Path) -> None:
    fewer = {name: content for name, content in CONTENT.items() if "rows" not in name}
    with pytest.raises(BackupDamaged, match=r"altered: rows/person\.jsonl"):
        verify(write(tmp_path / "fewer.tar.gz", fewer, in_manifest=CONTENT))


@pytest.mark.parametrize(
    "name", ["../outside", "home/../../outside", "/etc/passwd", "home/a\\..\\b", "elsewhere/file", "rowsx"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "names.tar.gz", {name: b"x"})
    with pytest.raises(BackupDamaged, match="as no backup of ours does"):
        extract(path, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_a_link_or_other_special_member_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "links.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        header = tarfile.TarInfo("home/files/link")
        header.type, header.linkname = kind, "/etc/passwd"
        archive.addfile(header)
    with pytest.raises(BackupDamaged, match="as no backup of ours does"):
        extract(path, tmp_path / "out")


def test_a_later_form_of_backup_says_which_release_can_restore_it() -> None:
    later = json.loads(Manifest(made_at="", revision="", counts={}).to_json()) | {"format": FORMAT + 1}
    with pytest.raises(BackupDamaged, match="another release"):
        Manifest.from_json(json.dumps(later).encode())


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "members": {"a": {"size": 1}}}', "null"]
)
def test_a_manifest_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BackupDamaged):
        Manifest.from_json(text.encode())


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    for content in (b"not an archive", gzip.compress(b"nor this"), b""):
        path = tmp_path / "letter.txt"
        path.write_bytes(content)
        with pytest.raises(BackupDamaged):
            verify(path)


@pytest.mark.parametrize("names", [("home/a", "home/a/b"), ("home/a/b", "home/a"), ("home/./a", "home/a"), ("home/",)])
def test_names_that_are_in_each_others_way_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = write(tmp_path / "odd.tar.gz", {"home/first": b"x", **dict.fromkeys(names, b"x")})
    with pytest.raises(BackupDamaged):
        extract(path, tmp_path / "out")
