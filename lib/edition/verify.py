"""Verification of a run: whether all executed, quietly, and what was promised is there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edition.sanitise import unstable_outputs
from edition.source import Notebook, code_cells, place, promises

CHECK = "application/vnd.edition.check+json"
KINDS = (".csv", ".pdf", ".png", ".svg")


def problems(executed: Notebook, figures: Path | None, folders: Sequence[Path]) -> list[str]:
    """Return what is wrong with a run that ended without an exception.

    Parameters
    ----------
    executed : dict
        The executed copy.
    figures : Path or None
        The folder that its figures were written to, if they were.
    folders : sequence of Path
        Folders of this machine, which no output may name.

    Returns
    -------
    list of str
        One readable line each; empty if all is well.
    """
    noisy = _loud(executed) or _silent(executed)
    unstable = [
        f"{place(executed, cell)}\n  {what}" for cell, what in unstable_outputs(executed, folders)
    ]
    return [*noisy, *unstable, *_figure_problems(executed, figures), *_check_problems(executed)]


def _loud(executed):
    """Return what ended in an error, or wrote to stderr."""
    return [
        f"{place(executed, cell)}\n  {complaint}"
        for cell in code_cells(executed)
        for output in cell["outputs"]
        for complaint in _complaints(output)
    ]


def _complaints(output):
    if output["output_type"] == "error":
        yield f"{output['ename']}: {output['evalue']}".rstrip(": ")
    elif output.get("name") == "stderr":
        lines = "".join(output["text"]).strip().splitlines()
        yield f"wrote to stderr: {' / '.join(lines[:3])}"


def _silent(executed):
    """Return the first code cell that was not reached."""
    for cell in code_cells(executed):
        if cell["execution_count"] is None:
            return [f"{place(executed, cell)}\n  was not executed"]
    return []


def recorded_figures(executed: Notebook) -> list[str]:
    """Return the names of the figures that a run showed, in order."""
    return [note["figure"] for note in figure_notes(executed)]


def figure_notes(executed: Notebook) -> list[dict[str, Any]]:
    """Return what was noted about the figures that a run showed, in order."""
    return [
        output["metadata"]["edition"]
        for cell in code_cells(executed)
        for output in cell["outputs"]
        if "figure" in output.get("metadata", {}).get("edition", {})
    ]


def recorded_checks(executed: Notebook) -> list[dict[str, Any]]:
    """Return the checks that a run recorded, in order."""
    return [
        output["data"][CHECK]
        for cell in code_cells(executed)
        for output in cell["outputs"]
        if CHECK in output.get("data", {})
    ]


def _figure_problems(executed, figures):
    """Compare the promised figures with those shown, and those with their files."""
    shown = recorded_figures(executed)
    found = _difference("figures", promises(executed).figures, shown)
    found += [f"shows the figure {name} twice" for name in _repeated(shown)]
    if figures is None:
        return found
    expected = {name + kind for name in shown for kind in KINDS}
    present = {path.name for path in figures.glob("*")}
    found += [f"did not write {name}" for name in sorted(expected - present)]
    found += [f"wrote {name}, which it does not show" for name in sorted(present - expected)]
    return found


def _check_problems(executed):
    """Compare the promised checks with those recorded, and look for broken ones."""
    checks = recorded_checks(executed)
    equations = [record["equation"] for record in checks]
    broken = [
        f"went on after a broken check of {record['equation']}: {record['claim']}"
        for record in checks
        if record["passed"] not in (True, None)  # None where it does not apply
    ]
    return broken + _difference("checks", promises(executed).checks, equations)


def _difference(kind, promised, produced):
    """Return what was promised and not produced, and what was produced unasked."""
    missing = [name for name in promised if name not in produced]
    extra = [name for name in dict.fromkeys(produced) if name not in promised]
    found = []
    if missing:
        found.append(f"promises {kind} {', '.join(missing)}, but did not produce it")
    if extra:
        names = ", ".join(extra)
        found.append(f"produced {kind} {names}, which its metadata does not promise")
    return found


def _repeated(names):
    return sorted({name for name in names if names.count(name) > 1})
