"""The planter of faults: a fault that is caught, one that escapes, one that no longer fits."""

import subprocess
from pathlib import Path

import pytest

from tools.faults import FOLDER, Fault, plant

SOURCE = "def double(n):\n    return n * 2\n"
TEST = "from code_under_test import double\n\n\ndef test_it():\n    assert double(3) == 6\n"
PATCH = """\
R0: doubling forgets.
caught-by: test_double.py

--- a/code_under_test.py
+++ b/code_under_test.py
@@ -1,2 +1,2 @@
 def double(n):
-    return n * 2
+    return n
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "code_under_test.py").write_text(SOURCE)
    (tmp_path / "test_double.py").write_text(TEST)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    return tmp_path


def planted(tree: Path, patch: str) -> str:
    path = tree / "R0.patch"
    path.write_text(patch)
    return plant(Fault.read(path), tree)


@pytest.mark.slow
def test_a_fault_that_its_test_notices_is_caught_and_taken_back(tree: Path) -> None:
    assert planted(tree, PATCH) == ""
    assert (tree / "code_under_test.py").read_text() == SOURCE


@pytest.mark.slow
def test_a_fault_that_nobody_notices_is_told(tree: Path) -> None:
    assert planted(tree, PATCH.replace("+    return n\n", "+    return n + n\n")) == "was NOT caught: its tests passed"


@pytest.mark.slow
def test_a_test_that_is_not_there_catches_nothing(tree: Path) -> None:
    assert "could not run" in planted(tree, PATCH.replace("test_double.py", "test_gone.py"))


def test_a_patch_that_no_longer_fits_is_told(tree: Path) -> None:
    assert planted(tree, PATCH.replace("return n * 2", "return n * 3")).startswith("does not apply")


def test_a_patch_says_what_it_breaks_and_who_notices(tmp_path: Path) -> None:
    (tmp_path / "R0.patch").write_text(PATCH)
    fault = Fault.read(tmp_path / "R0.patch")
    assert fault.story == "R0: doubling forgets."
    assert fault.caught_by == ("test_double.py",)
    (tmp_path / "silent.patch").write_text(PATCH.replace("caught-by:", "by:"))
    with pytest.raises(ValueError, match="does not say"):
        Fault.read(tmp_path / "silent.patch")


def test_every_planted_fault_of_ours_fits_the_code_as_it_is() -> None:
    """`make faults` runs their tests; here they only have to fit, so that none is forgotten when code moves."""
    root = FOLDER.parents[1]
    for path in FOLDER.glob("*.patch"):
        fault = Fault.read(path)
        assert all((root / test.split("::")[0]).exists() for test in fault.caught_by if "/" in test), (
            f"{path.name} names a lost test"
        )
        done = subprocess.run(
            ["git", "apply", "--check", str(path)], cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{path.name}: {done.stderr}"
