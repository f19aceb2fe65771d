"""Mutation testing: does a test fail when a formula of `lib/spinbath` is changed?

mutmut changes one operator, number or argument at a time and runs the tests that reach it. A change
that no test notices is a survivor. Each survivor needs a reason in `survivors.toml`, such as that it
changes no result, and at least 95 % of all mutants must die, reasons or not.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import report

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "_build" / "mutants"
MUTMUT = Path(sys.executable).with_name("mutmut")
TESTS = [
    "test_sec[0-9]*.py",
    "test_appendix_*.py",
    "test_large_ensembles.py",
    "test_arguments.py",
    "test_mutants.py",
]
THREADS = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
MEMORY = 4 << 30  # bytes, for a mutant that asks for ever more


def main():
    prepare()
    run(sys.argv[1:])
    status = results()
    alive = sorted(name for name, found in status.items() if found and found not in report.DEAD)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        survivors = list(pool.map(survivor, alive))
    text, passed = report.report(status, survivors, report.explanations(HERE / "survivors.toml"))
    print(text)
    return int(not passed)


def prepare():
    """Lay out what mutmut wants to see: sources, tests and its settings in a folder of their own."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "lib" / "spinbath", FOLDER / "src" / "spinbath", ignore=ignore)
    for path in FOLDER.glob("src/spinbath/*.py"):
        path.write_text(caches_last(path.read_text("utf-8")), "utf-8")
    shutil.copy(HERE / "settings.toml", FOLDER / "pyproject.toml")
    folder = FOLDER / "tests" / "spinbath"
    folder.mkdir(parents=True)
    shutil.copy(HERE / "each_test.py", FOLDER / "conftest.py")
    shutil.copy(ROOT / "tests" / "conftest.py", folder.parent)
    for pattern in ["conftest.py", "*.json", *TESTS]:
        for path in (ROOT / "tests" / "spinbath").glob(pattern):
            shutil.copy(path, folder)


def caches_last(source):
    """Put caches on at the end of a module: mutmut passes decorated functions by."""
    decorator = re.compile(r"^@(lru_cache\(.*\))\n(?=def (\w+))", re.MULTILINE)
    found = decorator.findall(source)
    return decorator.sub("", source) + "".join(f"\n{n} = {cache}({n})\n" for cache, n in found)


def run(arguments):
    """Let mutmut make and test the mutants."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    settings = os.environ | {"PYTHONHASHSEED": "0"} | dict.fromkeys(THREADS, "1")
    log = FOLDER / "mutmut.log"
    with log.open("w") as file:
        output = None if sys.stdout.isatty() else file
        command = [MUTMUT, "run", *arguments]
        ended = subprocess.run(command, cwd=FOLDER, env=settings, stdout=output, stderr=output)
    if ended.returncode:
        sys.exit(f"mutants: mutmut ended with {ended.returncode}\n{log.read_text()[-3000:]}")


def results():
    """Return what became of each mutant, by its name; None where it was not tried."""
    found = re.findall(r"^ +(\S+): (.+)$", mutmut("results", "--all", "true"), re.MULTILINE)
    return {name: None if became == "not checked" else became for name, became in found}


def survivor(name):
    return report.survivor(name, mutmut("show", name))


def mutmut(*command):
    command = [MUTMUT, *command]
    return subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
