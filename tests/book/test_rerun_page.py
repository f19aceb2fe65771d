"""Every command of the page "Rerun this paper" is run, only the port replaced by a free one."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet
import pytest

from edition import source

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "rerun.md").read_text("utf-8")
PARTS = ("book", "lib", "Makefile", "_config.yml", "_toc.yml", "requirements.txt", "pyproject.toml")
PORT = "8786"


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def block(start):
    """The block of commands that begins so."""
    [found] = [text for text in blocks("console") if text.startswith(start)]
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project, with the files that the page shows."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    mine, grid = blocks("yaml")
    (folder / "mine.yml").write_text(mine, "utf-8")
    (folder / "grid.yml").write_text(grid, "utf-8")
    return folder


@pytest.fixture
def run(checkout):
    """Run a block of the page in the environment that runs the tests."""

    def run(commands):
        # What make would install is what runs this.
        (checkout / "ready").touch()
        flags = f"PY={sys.executable} ENVIRONMENT=ready"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PYTHON"))}
        environment |= {
            "MAKEFLAGS": flags,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(checkout / "lib"),
        }
        out, err = checkout / "stdout", checkout / "stderr"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                ["bash", "-e", "-c", commands],
                cwd=checkout,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        try:
            process.wait(200)
        finally:
            if "&" in commands:  # what is in the background ends with the block
                os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == 0, err.read_text("utf-8")
        return out.read_text("utf-8")

    return run


def test_the_page_has_the_commands_that_are_tested_here():
    tested = {"edition params", "make rerun", "edition rerun 01", "edition rerun --from"}
    tested |= {"papermill", "jupyter execute", "edition sweep", "dask scheduler"}
    assert len(blocks("console")) == len(tested)
    for start in tested:
        assert block(start)


def test_params_and_a_rerun_by_make(run, checkout):
    listed = run(block("edition params"))
    assert re.search(r"^n_values +list\[int\] ", listed, re.MULTILINE)
    told = run(block("make rerun"))
    assert re.search(r"05_energy: \d\d+ checks passed, \d+ not applicable here", told)
    [folder] = (checkout / "_build" / "reruns").iterdir()
    assert re.fullmatch("05_energy-[0-9a-f]{8}", folder.name)
    assert (folder / "05_energy.html").is_file()
    header = (folder / "figures" / "fig04.csv").read_text("utf-8").splitlines()[0]
    assert "n=50" in header
    assert "n=100" not in header


def test_a_rerun_with_a_file_is_repeated_to_the_byte(run):
    run(block("edition rerun 01"))
    assert "Every file is the same" in run(block("edition rerun --from"))


@pytest.mark.parametrize("tool", ["papermill", "jupyter execute"])
def test_the_notebooks_run_with_nothing_but_the_environment(run, checkout, tool):
    run(block(tool))
    out = (checkout / "out.ipynb").read_text("utf-8")
    assert "✓" in out
    assert ("n_values = [2, 50]" in out) == (tool == "papermill")
    (checkout / "out.ipynb").unlink()


@pytest.mark.parametrize(
    "name", [path.name for path in sorted((ROOT / "book").glob("*.ipynb")) if source.data(path)]
)
def test_a_notebook_that_papermill_runs_from_above_finds_its_data(run, checkout, name):
    run(f"papermill book/{name} out.ipynb")
    (checkout / "out.ipynb").unlink()


def test_a_sweep_and_the_same_on_a_cluster(run, checkout):
    assert "6 of 6 points are done" in run(block("edition sweep"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert "6 of 6 points are done" in run(block("dask scheduler").replace(PORT, port))
    tables = [
        pyarrow.parquet.read_table(checkout / name / "table.parquet").drop_columns("seconds")
        for name in ("sweep", "elsewhere")
    ]
    assert tables[0].equals(tables[1])
    ratios = tables[0]["charging"].to_pylist()
    # For each size, the more spins the closer to twice the thermal energy.
    for size in (0, 1):
        assert all(1 < few < many < 2 for few, many in pairwise(ratios[size::2]))


SMALLER = """
import re, sys, tracemalloc
code = re.search(r"^```python\\n(.*?)^```", open(sys.argv[1]).read(), re.M | re.S)[1]
assert code.count("side = 10_000") == 1
tracemalloc.start()
for side in (1000, 3000):
    tracemalloc.reset_peak()
    exec(code.replace("side = 10_000", f"side = {side}"), scope := {})
    print(scope["gain"].nbytes, tracemalloc.get_traced_memory()[1])
"""


def test_the_library_alone_scans_a_grid_in_bounded_memory(run, checkout):
    (checkout / "smaller.py").write_text(SMALLER, "utf-8")
    lines = run("python smaller.py book/rerun.md").splitlines()
    told = r"(\d+) pairs: up to 1\d\.\d ħω more, and more at all in 2\d%"
    assert [re.fullmatch(told, line)[1] for line in lines[::2]] == ["1000000", "9000000"]
    (small, few), (large, many) = (map(int, line.split()) for line in lines[1::2])
    assert large == 9 * small
    assert many < 1.5 * few
