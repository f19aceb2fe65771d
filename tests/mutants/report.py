"""What is told about the mutants, and whether it will do."""

import tomllib
from collections import Counter
from typing import NamedTuple

DEAD = ("killed", "timeout")
ENOUGH = 0.95


class Survivor(NamedTuple):
    """A change that no test notices. mutmut's number for it is another when the function changes."""

    function: str
    was: str
    became: str

    def __str__(self):
        return f"  {self.function}\n    - {self.was}\n    + {self.became}"


def survivor(name, difference):
    """Read what `mutmut show` prints for a mutant."""
    function = name.replace(".x_", ".").partition("__mutmut_")[0].removeprefix("spinbath.")
    lines = difference.split("@@\n", 1)[1].splitlines()
    was, became = (" ".join(x[1:].strip() for x in lines if x.startswith(sign)) for sign in "-+")
    return Survivor(function, was, became)


def explanations(path):
    """Return the reason of each survivor that has one."""
    reasons = tomllib.loads(path.read_text("utf-8"))["reason"]
    found = [(Survivor(*change), r["because"]) for r in reasons for change in r["changes"]]
    if len(dict(found)) < len(found):
        twice = [str(s) for s, n in Counter(s for s, _ in found).items() if n > 1]
        raise ValueError("\n".join([f"{path.name} explains twice:", *twice]))
    return dict(found)


def report(status, survivors, reasons):
    """Return the survivors by reason and a summary, and whether nothing is amiss.

    `status` tells what became of each mutant; None of one that was not tried.
    """
    alive, explained = set(survivors), set(reasons)
    groups = {reason: [] for reason in reasons.values()}
    for found in sorted(alive & explained):
        groups[reasons[found]].append(found)
    tried = [became for became in status.values() if became]
    complete = len(tried) == len(status)
    groups["NOT EXPLAINED: kill it by a test, or explain it"] = sorted(alive - explained)
    stale = sorted(explained - alive) if complete else []
    groups["EXPLAINED, BUT NO SURVIVOR: it died or is no more"] = stale
    text = "\n\n".join("\n".join([why, *map(str, found)]) for why, found in groups.items() if found)
    rate = sum(became in DEAD for became in tried) / len(tried)
    counts = ", ".join(f"{n} {became}" for became, n in Counter(tried).most_common())
    summary = f"{len(tried)} of {len(status)} mutants tried: {counts}. {rate:.1%} died."
    return f"{text}\n\n{summary}", complete and alive == explained and rate >= ENOUGH
