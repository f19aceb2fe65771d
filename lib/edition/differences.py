"""Where two sets of files first differ, told so that a person sees what and where."""

import difflib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

AROUND = 60  # what is shown of a line, or of bytes, on each side of a difference
LINES = 12  # of a unified diff
WIDTH = 160


def names(here: Mapping[str, Path], there: Mapping[str, Path]) -> list[str]:
    """Return the names under which two sets hold different files, or one holds none.

    Parameters
    ----------
    here, there : mapping of str to Path
        Files by name.

    Returns
    -------
    list of str
    """
    return [
        name
        for name in sorted(here.keys() | there.keys())
        if name not in here
        or name not in there
        or here[name].read_bytes() != there[name].read_bytes()
    ]


def told(name: str, here: Path | None, there: Path | None) -> list[str]:
    """Tell how two files of one name differ.

    Parameters
    ----------
    name : str
    here, there : Path or None
        None where there is no such file.

    Returns
    -------
    list of str
        The place of the first difference, what both hold there, and for texts the
        first lines of a unified diff.
    """
    if here is None or there is None:
        return [f"{name} was made only {'there' if here is None else 'here'}"]
    one, other = here.read_bytes(), there.read_bytes()
    place = _first(one, other)
    try:
        texts = one.decode(), other.decode()
    except UnicodeDecodeError:
        return [f"{name} differs from byte {place} on", *_excerpts(one, other, place)]
    line, column = _position(one, place)
    lines = [text.splitlines()[line - 1 : line] or [""] for text in texts]
    return [
        f"{name} differs from byte {place} on, line {line}, column {column}",
        *_excerpts(lines[0][0], lines[1][0], column - 1),
        *_unified(*texts),
    ]


def _first(one, other):
    """Return the place of the first byte in which two contents differ."""
    shorter = min(len(one), len(other))
    return next((k for k in range(shorter) if one[k] != other[k]), shorter)


def _position(content, place):
    """Return line and column of a place in UTF-8, both from 1."""
    before = content[:place].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _excerpts(one, other, place):
    """Return what stands on both sides around a place."""
    shown = slice(max(place - AROUND, 0), place + AROUND)
    return [f"  here:  {one[shown]!r}", f"  there: {other[shown]!r}"]


def _unified(one, other):
    """Return the first lines of a unified diff, long ones cut."""
    found = difflib.unified_diff(
        one.splitlines(), other.splitlines(), "here", "there", n=1, lineterm=""
    )
    return [f"  {line[:WIDTH]}" for line in islice(found, LINES)]
