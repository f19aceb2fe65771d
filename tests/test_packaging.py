"""pyproject.toml, the lock, environment.yml and the Makefile agree with each other."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = DECLARED["project"]
# What the book and its tests need, and what looks after the repository.
LOCKS = {
    name: (ROOT / name).read_text("utf-8")
    for name in ("requirements.txt", ".github/requirements.txt")
}
PYTHONS = ("3.11.0", "3.11.9", "3.12.4", "3.13.1")
PLATFORMS = ("linux", "darwin")


def direct(*extras):
    """The requirements of pyproject: the core's, and those of some extras."""
    optional = PROJECT["optional-dependencies"]
    texts = PROJECT["dependencies"] + [t for e in extras for t in optional[e]]
    return [Requirement(text) for text in texts]


def declared(lock):
    """What pyproject asks a lock to hold."""
    if lock == ".github/requirements.txt":
        return [Requirement(text) for text in DECLARED["dependency-groups"]["care"]]
    return direct(*PROJECT["optional-dependencies"])


def pins(lock="requirements.txt"):
    """A lock as (requirement, hashes, what asks for it), one for each entry."""
    entries = re.findall(
        r"^(\w.*?) \\\n((?: +--hash=\S+(?: \\)?\n)+)((?: +#.*\n)+)", LOCKS[lock], re.M
    )
    return [
        (Requirement(text), re.findall(r"sha256:\w{64}", hashes), by_whom(comment))
        for text, hashes, comment in entries
    ]


def by_whom(comment):
    """The names in the comment below an entry."""
    return set(re.findall(r"^ +#(?: via)? +(\S.*)$", comment, re.M)) - {"via"}


def locked(python, platform, lock="requirements.txt"):
    """Name and version of all that the lock installs on one kind of machine."""
    machine = {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "sys_platform": platform,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[platform],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    chosen = [r for r, *_ in pins(lock) if not r.marker or r.marker.evaluate(machine)]
    found = {canonicalize_name(r.name): next(iter(r.specifier)) for r in chosen}
    assert len(found) == len(chosen), "a package is pinned twice"
    return {name: Version(pin.version) for name, pin in found.items()}


def third_party(package):
    """Names of the modules from elsewhere that a package of ours imports."""
    names = set()
    for file in (ROOT / "lib" / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_is_one_version_with_hashes(lock):
    entries = [line for line in LOCKS[lock].splitlines() if re.match(r"\w", line)]
    assert len(pins(lock)) == len(entries) > 30
    for requirement, hashes, _ in pins(lock):
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert hashes, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_folder(lock):
    assert not re.search(r"://|^ *-(?!-hash)|@", LOCKS[lock], re.M)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_direct_dependency(lock, python, platform):
    versions = locked(python, platform, lock)
    for requirement in declared(lock):
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_that_is_not_asked_for(lock):
    ours = {"spinbath (pyproject.toml)", "spinbath (pyproject.toml:care)"}
    held = {canonicalize_name(requirement.name): by for requirement, _, by in pins(lock)}
    asked = {name for name, by in held.items() if by & ours}
    assert asked == {canonicalize_name(requirement.name) for requirement in declared(lock)}
    for name, by in held.items():
        assert by, name
        assert by <= set(held) | ours, f"{name} is asked for by what the lock does not hold"


def listed(variable):
    """The words of a variable of the Makefile."""
    (line,) = re.findall(rf"^{variable} := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    return line.split()


def test_the_supported_pythons_are_the_same_everywhere():
    pythons = listed("PYTHONS")
    classifiers = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if "Python :: 3" in c]
    assert classifiers == pythons
    assert PROJECT["requires-python"] == f">={pythons[0]}"
    assert {python.rpartition(".")[0] for python in PYTHONS} == set(pythons)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == pythons


def test_the_lock_holds_the_build_backend():
    (backend,) = map(Requirement, DECLARED["build-system"]["requires"])
    assert backend.specifier.contains(locked("3.11.9", "linux")[backend.name])


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("spinbath", ("reference", "symbolic")),
        ("edition", ("book", "sweep", "browser", "reproduce")),
    ],
)
def test_what_a_package_imports_is_declared(package, extras):
    declared = {canonicalize_name(r.name) for r in direct(*extras)}
    providers = packages_distributions()
    for module in third_party(package) - {"spinbath", "edition"}:
        provided_by = {canonicalize_name(name) for name in providers[module]}
        assert provided_by & declared, f"{package} imports {module}"


def test_the_physics_knows_nothing_of_the_press():
    assert not {"edition", "matplotlib"} & third_party("spinbath")
    assert "spinbath" not in third_party("edition")


def test_importing_the_physics_loads_numpy_and_little_else():
    code = "import sys, spinbath; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    loaded = subprocess.check_output(
        [sys.executable, "-c", code], env=environment, text=True
    ).split()
    assert "numpy" in loaded
    assert not {"scipy", "sympy", "mpmath", "matplotlib", "edition"} & set(loaded)


def test_conda_installs_the_lock_and_then_the_project():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert pip == "pip"
    assert by_pip == {"pip": ["-r requirements.txt"]}
    name, _, versions = python.partition(" ")
    assert name == "python"
    lowest = Requirement(f"python{PROJECT['requires-python']}").specifier
    assert str(lowest) == versions.partition(",")[0]
    post_build = (ROOT / "postBuild").read_text("utf-8")
    assert post_build.endswith(
        "exec python -m pip install --no-deps --no-build-isolation --editable .\n"
    )
    assert os.access(ROOT / "postBuild", os.X_OK)


def test_the_version_is_said_once():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["version"]


def make(folder, *arguments, path=None):
    # What an outer make was told is not for this one.
    environment = {k: v for k, v in os.environ.items() if k[:4] not in ("MAKE", "PYTH")}
    environment |= {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"} if path else {}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path):
    """A folder with what the environment depends on; no network is needed in it."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    (folder / ".github").mkdir()
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, folder / name)
    return folder


def fake_python(folder, script):
    """Write an interpreter that behaves as a shell script says."""
    folder.mkdir(exist_ok=True)
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    for version in ("3.11", "3.12", "3.13"):
        shutil.copy(python, folder / f"python{version}")
    return python


def test_make_alone_lists_every_target():
    listed = re.findall(r"^  make (\w+)", make(ROOT).stdout, re.M)
    phony = re.findall(r"^\.PHONY: (\w+)", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert listed == phony
    assert {"book", "figures", "test", "check", "bench", "lock", "clean"} < set(listed)


def test_an_old_python_is_refused_with_a_hint(checkout, tmp_path):
    fake = fake_python(tmp_path / "old", 'test "$1" = -V && echo "Python 3.10.1" && exit; exit 1')
    for run in (make(checkout, "book", path=fake.parent), make(checkout, "book", f"PYTHON={fake}")):
        assert run.returncode
        assert "needs Python 3.11 or newer" in run.stderr
        assert "Python 3.10.1" in run.stderr
        assert "make PYTHON=" in run.stderr


@pytest.mark.parametrize("environment", ["Makefile", "ready", None])
def test_an_interpreter_that_is_not_there_never_costs_the_environment(checkout, environment):
    kept = checkout / ".venv" / "bin" / "kept"
    kept.parent.mkdir(parents=True)
    kept.touch()
    settings = [f"ENVIRONMENT={environment}"] if environment else []
    for dry in ([], ["-n"]):
        run = make(checkout, *dry, "book", "PY=not/there/python", *settings)
        assert run.returncode
        # An older make, as on macOS, opens with another quotation mark.
        assert re.search("No rule to make target ['`]not/there/python'", run.stderr)
        assert kept.exists()


# The fake makes an environment whose python logs what it is asked, and may break off.
ENVIRONMENT = """
test "$1" = -c && exit 0
if test "$2" = venv; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit; fi
echo "$@" >> "{log}"
case "$*" in {broken}) exit 7 ;; esac
"""


def steps(log):
    """What was asked since the last look."""
    done = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return [" ".join(line.split()[1:4]) for line in done]


INSTALL = ["ensurepip", "pip install --quiet", "pip install --quiet"]


def test_the_environment_is_installed_once_and_again_when_the_lock_changes(checkout, tmp_path):
    log = tmp_path / "log"
    fake = fake_python(tmp_path / "new", ENVIRONMENT.format(log=log, broken="none"))
    assert make(checkout, "book", path=fake.parent).returncode == 0
    assert steps(log) == [*INSTALL, "edition book"]
    (checkout / "requirements.txt").touch()
    assert make(checkout, "book", path=fake.parent).returncode == 0
    assert steps(log) == ["edition book"]
    for name in ("requirements.txt", "pyproject.toml"):
        with (checkout / name).open("a") as file:
            file.write("# changed\n")
        assert make(checkout, "test", path=fake.parent).returncode == 0
        assert steps(log) == [*INSTALL, "pytest --ignore tests/browser"]
    moved = checkout.rename(tmp_path / "elsewhere")
    assert make(moved, "book", path=fake.parent).returncode == 0
    assert steps(log) == [*INSTALL, "edition book"]


@pytest.mark.parametrize("broken", ["*--require-hashes*", "*--editable*"])
def test_an_install_that_broke_off_does_not_look_finished(checkout, tmp_path, broken):
    log = tmp_path / "log"
    fake = fake_python(tmp_path / "new", ENVIRONMENT.format(log=log, broken=broken))
    assert make(checkout, "book", path=fake.parent).returncode
    assert "edition book" not in steps(log)
    mended = ENVIRONMENT.format(log=log, broken="none")
    (checkout / ".venv" / "bin" / "python").write_text(f"#!/bin/sh\n{mended}\n")
    assert make(checkout, "book", path=fake.parent).returncode == 0
    assert steps(log) == [*INSTALL, "edition book"]


# The fake renews a lock as uv does, in the file that it is told.
RENEWING = """
case "$*" in *compile*)
    for word; do case "$word" in *.txt) echo "# renewed" >> "$word" ;; esac; done
esac
"""


@pytest.mark.parametrize(
    ("broken", "renewed"), [("none", True), ("*compile*care*", False), ("*install*3.12*", False)]
)
def test_the_locks_are_renewed_together_or_not_at_all(checkout, tmp_path, broken, renewed):
    script = ENVIRONMENT.format(log=tmp_path / "log", broken=broken)
    fake = fake_python(tmp_path / "new", script + RENEWING)
    run = make(checkout, "lock", path=fake.parent)
    assert (run.returncode == 0) == renewed, run.stderr
    for name, text in LOCKS.items():
        assert (checkout / name).read_text("utf-8") == text + "# renewed\n" * renewed
    if "install" in broken:
        assert "fails for Python 3.12 on x86_64-manylinux_2_28; the old one stays" in run.stderr


def test_a_failing_command_fails_its_target(checkout, tmp_path):
    log = tmp_path / "log"
    for target, command in (
        ("book", "*edition?book*"),
        ("test", "*pytest*"),
        ("check", "*ruff?check*"),
        ("check", "*ruff?format*"),
        ("check", "*edition?lint*"),
        ("check", "*mypy*"),
    ):
        script = ENVIRONMENT.format(log=log, broken=command)
        fake = fake_python(tmp_path / "new", script)
        shutil.rmtree(checkout / ".venv", ignore_errors=True)
        assert make(checkout, target, path=fake.parent).returncode, command


FOREIGN = re.compile(
    rf"{re.escape(str(ROOT))}|{re.escape(str(Path.home()))}/"
    r"|\bfile:/|--(?:extra-)?index-url|--find[-]links"
    r"|\b(?:pypi|pythonhosted|anaconda|npmjs)\.(?:org|com|io)"
)


def test_no_file_names_a_registry_or_a_folder_of_some_machine():
    shown = [p for p in ROOT.glob("*") if p.name[0] not in "._"]
    folders = [*filter(Path.is_dir, shown), ROOT / ".ci", ROOT / ".github"]
    files = [*ROOT.glob("_*.yml"), *filter(Path.is_file, shown)]
    files += [f for folder in folders for f in folder.rglob("*") if f.is_file()]
    texts = [f for f in files if f.suffix not in {".pyc", ".so"}]
    assert len(texts) > 30
    for file in texts:
        found = FOREIGN.search(file.read_text("utf-8", errors="replace"))
        assert not found, f"{file.relative_to(ROOT)} names {found[0]}"
