"""The book of this checkout, built once for all tests that read it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def build():
    """Bring the book up to date, as `make book` does, and return the folder it is built in."""
    command = [sys.executable, "-m", "edition", "book", "--root", str(ROOT)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "_build/html/index.html" in done.stdout
    return ROOT / "_build"
