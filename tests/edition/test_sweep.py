"""Sweeps: every point once, whatever fails, dies or is interrupted."""

import csv
import io
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import fsspec
import pyarrow.parquet
import pytest

from edition import cluster as engine
from edition import grid, point, table
from edition.parameters import parse
from edition.project import UsageError
from edition.store import Store

LIB = Path(__file__).parents[2] / "lib"
PARAMETERS = (
    "n: int = 2  # number of spins, 1 .. 100\n"
    's: str = "1/2"  # size of a spin, half-integer >= 1/2\n'
    "beta: float = 1.0  # temperature, 1/ħω, any sign, may be infinite\n"
    "n_values: list[int] = [2]  # numbers, >= 1"
)
DECLARED = parse(PARAMETERS)
# Each run leaves a line when it begins; one in eight breaks.
POINT = """\
import time
from pathlib import Path
from edition import check
with Path({log!r}).open("a") as log:
    print(n, s, file=log)
time.sleep({seconds})
inverse = 1 / (n - 7)
curve = [n, 2.5, float("inf")]
check("18", "It is what it is.", 2 * n, n + n, 0, routes=("product", "sum"))
"""
ENVIRONMENT = os.environ | {"PYTHONPATH": str(LIB), "CI": "true"}


def read(folder, text, declared=DECLARED):
    file = folder / "grid.yml"
    file.write_text(text, encoding="utf-8")
    return grid.read(file, declared)


def test_a_product_has_every_combination(tmp_path):
    found = read(
        tmp_path, "product: {n: [3, 5], s: [1/2, 1]}\nfixed: {beta: inf}\noutputs: {twice: 2 * n}"
    )
    inf = {"beta": math.inf}
    assert found.points == [
        {"n": 3} | inf,
        {"n": 3, "s": "1"} | inf,
        {"n": 5} | inf,
        {"n": 5, "s": "1"} | inf,
    ]
    assert found.outputs == {"twice": "2 * n"}


def test_a_list_has_its_points_and_each_once(tmp_path):
    found = read(tmp_path, "list:\n- {n: 3, n_values: [2, 4]}\n- {n: 2}\n- {n_values: [2]}")
    assert found.points == [{"n": 3, "n_values": [2, 4]}, {}]


def test_an_axis_may_be_divided_evenly(tmp_path):
    found = read(tmp_path, "product: {beta: {from: -1/3, to: 0.1, number: 3}}")
    assert [p["beta"] for p in found.points] == [-1 / 3, -7 / 60, 0.1]
    found = read(tmp_path, "product: {n: {from: 4, to: 6, number: 3}}")
    assert [p["n"] for p in found.points] == [4, 5, 6]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("product: {m: [3]}", "no parameter `m`"),
        ("product: {n: [3, 101]}", r"`n` must be 1 \.\. 100, but was 101"),
        ("product: {n: {from: 1, to: 2, number: 3}}", "`n` must be of type int, but was 3/2"),
        ("product: {n: 3}", "`n` must be a list"),
        ("product: {n: {from: 1, to: 2}}", "`n` must be a list, or"),
        ("product: {n: {from: 1, to: 2, number: 1}}", "`n` must be a list, or"),
        ("product: {n: []}", "has no point"),
        ("list: [3]", "A point of `list` must hold names and values"),
        ("list: {n: 3}", "`list` must be a list"),
        ("{}", "either `product` or `list`"),
        ("product: {n: [3]}\nlist: [{n: 3}]", "either `product` or `list`"),
        ("product: {n: [3]}\noutput: {a: n}", "has `output`; its parts must be"),
        ("product: {n: [3]}\noutputs: {a: n +}", "`a` must be an expression"),
        ("product: {n: [3]}\noutputs: {a: [n]}", "`a` must be an expression"),
        ("product: {n: [3]}\noutputs: {n: n}", "`n` must have a name, and none that is taken"),
        ("product: {n: [3]}\noutputs: {status: n}", "`status` must have a name"),
    ],
)
def test_a_grid_with_a_fault_is_refused(tmp_path, text, complaint):
    with pytest.raises(UsageError, match=complaint):
        read(tmp_path, text)


def record(**changes):
    return {
        "point": "a1",
        "parameters": {"n": 3, "beta": "-inf"},
        "status": "done",
        "error": "",
        "seconds": 1.5,
        "checks": [
            {"equation": "18", "passed": True},
            {"equation": "18", "passed": None},
            {"equation": "A3", "passed": None},
        ],
        "outputs": {"gain": 2},
    } | changes


def test_the_table_has_one_row_for_each_point_and_the_same_columns():
    failed = record(point="b2", status="failed", error="Oh no.", checks=[], outputs={})
    first, second = table.rows([record(outputs={"gain": "nan"}), failed])
    assert math.isnan(first.pop("gain"))
    assert first == {
        "point": "a1",
        "n": 3,
        "beta": -math.inf,
        "status": "done",
        "error": "",
        "seconds": 1.5,
        "checks_passed": 1,
        "checks_not_applicable": 2,
        "check 18": True,
        "check A3": None,
    }
    assert (second["check 18"], second["gain"], second["error"]) == (None, None, "Oh no.")


def test_both_kinds_of_table_hold_the_same():
    outputs = [{"mixed": 1, "many": [1, 2.5]}, {"mixed": 2.5, "many": ["inf"]}]
    found = table.rows([record(outputs=output) for output in outputs])
    kept = pyarrow.parquet.read_table(io.BytesIO(table.parquet(found))).to_pylist()
    assert kept == found
    rows = list(csv.DictReader(io.StringIO(table.comma_separated(found).decode())))
    assert [row["many"] for row in rows] == ["[1, 2.5]", "[Infinity]"]
    assert (rows[0]["check 18"], rows[0]["check A3"], rows[0]["beta"]) == ("true", "", "-inf")


def test_a_column_without_common_type_is_kept_as_text():
    found = table.rows([record(outputs={"a": x}) for x in (1, "one", 10**30)])
    kept = pyarrow.parquet.read_table(io.BytesIO(table.parquet(found)))
    assert kept["a"].to_pylist() == ["1", "one", str(10**30)]


def test_a_store_may_be_anywhere(tmp_path):
    for address in (str(tmp_path / "here" / "and there"), "memory://sweep/1"):
        store = Store(address)
        assert store.names() == store.names("points") == []
        store.write("points/b.json", b"2")
        store.write("points/a.json", b"1")
        store.write("points/a.json", b"3")
        store.write("points/.draft", b"1")
        assert store.names() == ["points"]
        assert store.names("points") == ["a.json", "b.json"]
        assert store.read(["points/b.json", "points/a.json"]) == [b"2", b"3"]
        assert store.read(["points/a.json"]) == [b"3"]
        assert store.read([]) == []
    fsspec.filesystem("memory").store.clear()
    with pytest.raises(UsageError, match="nowhere://x cannot be used"):
        Store("nowhere://x")


def test_a_worker_with_other_packages_is_refused():
    task = point.Task("k", "01.ipynb", {}, {}, {}, 10, ("other", "hashes"))
    with pytest.raises(UsageError, match="other versions of spinbath and edition"):
        point.run(task)


class Ended:
    """A point whose worker raised an error, as Dask hands it over."""

    def __init__(self, error):
        self.error = error

    def exception(self):
        return self.error


def test_a_worker_that_dies_fails_its_point_and_one_that_is_unfit_the_sweep():
    found = engine._outcome(Ended(RuntimeError("no memory left")))
    assert (found["status"], found["error"]) == ("failed", "RuntimeError: no memory left")
    with pytest.raises(UsageError, match="other versions"):
        engine._outcome(Ended(UsageError("A worker has other versions.")))


@pytest.fixture
def root(tmp_path, cache, make_notebook, write_book):
    """A book of one notebook, which waits a little in each of its runs."""
    source = POINT.format(log=str(tmp_path / "log"), seconds=0.3)
    notebook = make_notebook(source, checks=["18"], parameters=PARAMETERS)
    project = write_book(tmp_path / "book", {"01_small": notebook})
    project.build.mkdir()
    project.cache.symlink_to(cache, target_is_directory=True)
    return project.root


def command(root, *arguments):
    return [sys.executable, "-m", "edition", "sweep", "1", *arguments, "--root", str(root)]


def sweep(root, *arguments):
    return subprocess.run(
        command(root, *arguments),
        cwd=root,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=100,
    )


def begun(folder):
    log = folder / "log"
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def test_a_sweep_goes_on_where_it_was_and_tells_what_failed(root, tmp_path):
    (root / "grid.yml").write_text(
        "product: {n: [3, 5, 7], s: [1/2]}\noutputs: {inverse: inverse, curve: curve}"
    )
    first = sweep(root, "grid.yml", "-o", "out")
    assert first.returncode == 1
    assert "01_small: 2 of 3 points are done." in first.stdout
    assert "1 points failed:\n  n=7 s=1/2" in first.stderr
    assert "ZeroDivisionError" in first.stderr
    assert "3/3" in first.stderr
    assert "point/s" in first.stderr or "s/point" in first.stderr
    rows = pyarrow.parquet.read_table(root / "out" / "table.parquet").to_pylist()
    assert [(r["n"], r["status"], r["inverse"]) for r in rows] == [
        (3, "done", -0.25),
        (5, "done", -0.5),
        (7, "failed", None),
    ]
    assert rows[0]["curve"] == [3.0, 2.5, math.inf]
    assert [r["check 18"] for r in rows] == [True, True, None]
    assert rows[2]["error"].startswith("01_small.ipynb: code cell 2")
    assert all(row["seconds"] > 0.3 for row in rows)
    (root / "grid.yml").write_text(
        "product: {n: [7, 5, 4], s: [1/2]}\noutputs: {inverse: inverse, curve: curve}"
    )
    second = sweep(root, "grid.yml", "-o", "out", "--csv")
    assert (second.returncode, "2 of 3 points" in second.stdout) == (1, True)
    rows = list(csv.DictReader((root / "out" / "table.csv").read_text("utf-8").splitlines()))
    assert [(r["n"], r["status"]) for r in rows] == [("7", "failed"), ("5", "done"), ("4", "done")]
    assert begun(tmp_path) == dict.fromkeys(["3 1/2", "5 1/2", "7 1/2", "4 1/2"], 1)
    assert sweep(root, "grid.yml", "-o", "out", "--retry").returncode == 1
    assert begun(tmp_path) == {"3 1/2": 1, "5 1/2": 1, "7 1/2": 2, "4 1/2": 1}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bad.yml", "-o", "out"], "`n` must be of type int, but was x"),
        (["none.yml", "-o", "out"], "none.yml cannot be read"),
        (["grid.yml", "-o", "book"], "exists and is no folder of a sweep"),
        (["grid.yml", "-o", "nowhere://out"], "cannot be used"),
        (
            ["grid.yml", "-o", "out", "--scheduler", "tcp://127.0.0.1:9"],
            "No Dask scheduler answers",
        ),
    ],
)
def test_what_cannot_be_swept_is_one_line_and_status_2_and_nothing_written(
    root, arguments, complaint
):
    (root / "grid.yml").write_text("product: {n: [3]}")
    (root / "bad.yml").write_text("product: {n: [x]}")
    before = sorted(path.name for path in root.iterdir())
    done = sweep(root, *arguments)
    assert done.returncode == 2, done.stderr
    assert complaint in done.stderr
    assert sorted(path.name for path in root.iterdir()) == before


def test_an_interrupted_sweep_keeps_what_is_done_and_goes_on(root, tmp_path):
    (root / "grid.yml").write_text("product: {n: {from: 10, to: 17, number: 8}}")
    process = subprocess.Popen(
        command(root, "grid.yml", "-o", "out", "--workers", "1"),
        cwd=root,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: len(list((root / "out").glob("points/[!.]*"))) >= 2, process)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130, told
    assert not (root / "out" / "table.parquet").exists()
    kept = {p.name: p.stat().st_mtime_ns for p in (root / "out" / "points").iterdir()}
    assert 2 <= len(kept) < 8
    assert sweep(root, "grid.yml", "-o", "out").returncode == 0
    after = {p.name: p.stat().st_mtime_ns for p in (root / "out" / "points").iterdir()}
    assert len(after) == 8
    assert kept.items() <= after.items()


def wait_until(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


def dask(stack, *arguments):
    """Start a part of a cluster as a process of its own, which ends with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on loopback: its address, and its workers."""
    file = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        scheduler = dask(stack, "scheduler", *options, "--scheduler-file", file)
        wait_until(file.exists, scheduler)
        address = json.loads(file.read_text())["address"]
        alone = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        folders = ["--local-directory", tmp_path / "scratch"]
        workers = [dask(stack, "worker", address, *alone, *folders) for _ in range(2)]
        yield address, workers


def test_every_point_is_done_once_although_a_worker_is_killed(root, tmp_path, cluster):
    address, workers = cluster
    (root / "grid.yml").write_text("product: {n: {from: 10, to: 17, number: 8}}")
    process = subprocess.Popen(
        command(root, "grid.yml", "-o", "memory", "--scheduler", address),
        cwd=root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Both work by now, and one of them is in the middle of a point.
    wait_until(lambda: sum(begun(tmp_path).values()) >= 4, process)
    workers[0].kill()
    out, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "8 of 8 points are done" in out
    rows = pyarrow.parquet.read_table(root / "memory" / "table.parquet").to_pylist()
    assert sorted(row["n"] for row in rows) == list(range(10, 18))
    assert {row["status"] for row in rows} == {"done"}
    assert len(list((root / "memory" / "points").iterdir())) == 8
    # What was lost in the middle was begun again, and nothing else.
    counts = begun(tmp_path)
    assert len(counts) == 8
    assert sorted(counts.values(), reverse=True)[1] == 1
    assert workers[1].poll() is None


def test_workers_must_be_there_and_have_one_thread_each(root, tmp_path, monkeypatch):
    (root / "grid.yml").write_text("product: {n: [3]}")
    with ExitStack() as stack:
        file = tmp_path / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        scheduler = dask(stack, "scheduler", *options, "--scheduler-file", file)
        wait_until(file.exists, scheduler)
        address = json.loads(file.read_text())["address"]
        monkeypatch.setattr(engine, "ARRIVAL", 0.1)
        with pytest.raises(UsageError, match="has no workers"), engine.workers(address, 1):
            pass
        wide = ["--nthreads", "2", "--no-nanny", "--no-dashboard"]
        dask(stack, "worker", address, *wide, "--local-directory", tmp_path / "scratch")
        done = sweep(root, "grid.yml", "-o", "out", "--scheduler", address)
        assert (done.returncode, "must have one thread each" in done.stderr) == (2, True)
    assert not (root / "out").exists()
