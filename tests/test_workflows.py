"""What GitHub runs: targets of the Makefile, pinned actions, and no right that is not needed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from edition import launch

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FOLDER.iterdir()}
TARGETS = set(re.findall(r"^\.PHONY: (\w+)", (ROOT / "Makefile").read_text("utf-8"), re.M))
# All that is run besides: what speaks to GitHub, in steps of their own.
SPOKEN = {"Say where the preview is", "Push the site", "Make the release", "Open an issue"}
# The rights that a job has, where it has more than to read the code.
WRITES = {
    "pages": {"contents": "write"},
    "release": {"contents": "write"},
    "report": {"issues": "write"},
}


def jobs():
    """Every job, by the names of its workflow and of itself."""
    return [
        pytest.param(job, id=f"{workflow}-{name}")
        for workflow, content in WORKFLOWS.items()
        for name, job in content["jobs"].items()
    ]


def script(workflow, job, name):
    """What a step runs in its shell."""
    (text,) = [s["run"] for s in WORKFLOWS[workflow]["jobs"][job]["steps"] if s.get("name") == name]
    return text


def fake_gh(folder, line):
    """Write a `gh` that does what a line of shell says."""
    gh = folder / "gh"
    gh.write_text(f"#!/bin/sh\n{line}\n")
    gh.chmod(0o755)


def test_each_purpose_has_its_workflow():
    assert set(WORKFLOWS) == {"test", "book", "publish", "weekly"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_rights_of_its_own_and_no_rival(name):
    assert WORKFLOWS[name]["permissions"] == {}
    assert WORKFLOWS[name]["concurrency"]["group"].startswith(name)


@pytest.mark.parametrize("job", jobs())
def test_a_job_runs_targets_of_the_makefile(job):
    for step in job.get("steps", []):
        if "run" in step and step.get("name") not in SPOKEN:
            assert re.fullmatch(r"make \w+", step["run"]), step["run"]
            assert step["run"].removeprefix("make ") in TARGETS, step["run"]


@pytest.mark.parametrize("job", jobs())
def test_a_job_has_a_limit_and_the_least_rights(job):
    assert job["permissions"] == WRITES.get(job.get("name"), {"contents": "read"})
    if "steps" in job:
        assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize("job", jobs())
def test_a_job_that_may_write_runs_nothing_of_the_checkout(job):
    if "write" in job["permissions"].values():
        used = [step.get("uses", step.get("run", "")) for step in job["steps"]]
        assert not [text for text in used if "checkout" in text or text.startswith("make ")]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit_and_named_by_version(name):
    uses = re.findall(r"^ *(?:- )?uses: (.*)$", (FOLDER / f"{name}.yml").read_text("utf-8"), re.M)
    assert uses
    for action in uses:
        assert re.match(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$|\./\.github/", action), (
            action
        )


def test_publishing_waits_for_the_tests_and_the_browser():
    publish = WORKFLOWS["publish"]["jobs"]
    for name in ("pages", "release"):
        called = [publish[needed]["uses"] for needed in publish[name]["needs"]]
        assert called == ["./.github/workflows/test.yml", "./.github/workflows/book.yml"]
    steps = [step.get("run") for step in WORKFLOWS["book"]["jobs"]["book"]["steps"]]
    assert {"make book", "make browser", "make release"} < set(steps)


def test_the_site_goes_to_the_branch_that_its_buttons_name():
    assert f" {launch.PUBLISHED}\n" in script("publish", "pages", "Push the site")
    environment = WORKFLOWS["book"]["jobs"]["book"]["env"]
    assert set(environment) == {launch.REPOSITORY, launch.REVISION}


def test_the_site_is_pushed_as_one_commit(tmp_path):
    site, hosted = tmp_path / "site", tmp_path / "hosted.git"
    (site / "notebooks").mkdir(parents=True)
    (site / "notebooks" / "05_energy.ipynb").write_text("{}")
    subprocess.run(["git", "init", "--quiet", "--bare", hosted], check=True)
    fake_gh(tmp_path, "exit")
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "REPOSITORY": str(hosted),
        "COMMIT": "1234abc",
    }
    for _ in range(2):
        shutil.rmtree(site / ".git", ignore_errors=True)
        command = ["bash", "-e", "-c", script("publish", "pages", "Push the site")]
        subprocess.run(command, cwd=site, env=environment, check=True)
        git = ["git", f"--git-dir={hosted}"]
        log = subprocess.check_output([*git, "log", "--format=%s", "gh-pages"], text=True)
        assert log == "The site of 1234abc\n"
        tree = subprocess.check_output(
            [*git, "ls-tree", "-r", "--name-only", "gh-pages"], text=True
        )
        assert tree.split() == [".nojekyll", "notebooks/05_energy.ipynb"]


def test_one_action_has_one_version():
    texts = [file.read_text("utf-8") for file in FOLDER.iterdir()]
    pins = {pin for text in texts for pin in re.findall(r"(actions/[\w-]+)@(\w+)", text)}
    assert len({action for action, _ in pins}) == len(pins) > 3


@pytest.mark.parametrize(
    ("titles", "opened"),
    [
        ("", 1),
        ("The weekly run failed", 0),
        ("Other\nThe weekly run failed\nMore", 0),
        ("Why The weekly run failed", 1),
        ("Other", 1),
    ],
)
def test_an_issue_is_opened_unless_one_is_open(tmp_path, titles, opened):
    fake_gh(tmp_path, 'test "$2" = list && cat "$TITLES" || echo "$@" >> "$LOG"')
    (tmp_path / "titles").write_text(titles)
    (tmp_path / "log").touch()
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "TITLES": str(tmp_path / "titles"),
        "LOG": str(tmp_path / "log"),
        "TITLE": "The weekly run failed",
        "RUN": "address-of-the-run",
        "NEWEST": "failure",
        "MUTANTS": "success",
        "LINKS": "success",
        "AUDIT": "success",
    }
    command = ["bash", "-e", "-c", script("weekly", "report", "Open an issue")]
    subprocess.run(command, env=environment, check=True)
    log = (tmp_path / "log").read_text()
    assert log.count("issue create --title The weekly run failed") == opened
    assert (
        log.count("Newest dependencies: failure, mutants: success, links: success, audit: success.")
        == opened
    )
    assert log.count("(address-of-the-run)") == opened
