"""Where a notebook could drop a claim in silence: a way through its code on which none is told.

A claim that the parameters put out of reach must be told by `not_applicable`.
"""

import ast
from collections.abc import Iterator

CLAIM = frozenset({"check"})
TOLD = CLAIM | {"not_applicable"}
LEAVES = (ast.Break, ast.Continue, ast.Return)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def dropped(tree: ast.Module, filtered: set[str]) -> Iterator[str]:
    """Find the checks past which a way leads that tells nothing.

    Parameters
    ----------
    tree : ast.Module
        The code of one cell.
    filtered : set of str
        What `filtered_names` found in the whole notebook.

    Yields
    ------
    str
        One complaint for each place.
    """
    for node in ast.walk(tree):
        for line, ways in _forks(node):
            if _calls(CLAIM, *ways) and not all(_calls(TOLD, way) for way in ways):
                yield f"line {line} leads past a check: say not_applicable(…) on the other way"
    if _calls({"not_applicable"}, tree.body):
        return
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and _calls(CLAIM, loop.body) and _may_be_empty(loop, filtered):
            yield (
                f"line {loop.lineno} checks items that were picked: "
                "say not_applicable(…) for when there are none"
            )


def filtered_names(tree: ast.Module) -> set[str]:
    """Return the names of the lists that a cell filters, which may therefore be empty.

    Parameters
    ----------
    tree : ast.Module

    Returns
    -------
    set of str
    """
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _picks(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _picks(node):
    """Tell whether an expression leaves items out."""
    return isinstance(node, COMPREHENSIONS) and any(part.ifs for part in node.generators)


def _may_be_empty(loop, filtered):
    inside = list(ast.walk(loop.iter))
    names = {node.id for node in inside if isinstance(node, ast.Name)}
    return bool(names & filtered) or any(map(_picks, inside))


def _calls(names, *blocks):
    """Tell whether one of the functions is called somewhere in lists of code."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        for block in blocks
        for part in block
        for node in ast.walk(part)
    )


def _forks(node):
    """Yield each fork at a node: its line, and the code on each way."""
    if isinstance(node, ast.IfExp):
        yield node.lineno, [[node.body], [node.orelse]]
    elif isinstance(node, ast.BoolOp):
        yield node.lineno, [node.values[1:], []]
    elif _picks(node):
        yield node.lineno, [list(ast.iter_child_nodes(node)), []]
    for name in ("body", "orelse"):
        block = getattr(node, name, [])
        for place, part in enumerate(block if isinstance(block, list) else ()):
            if isinstance(part, ast.If) and not _continues(node, name):
                yield part.lineno, _ways(part, block[place + 1 :])


def _continues(node, name):
    """Tell whether a block is the rest of a chain of `elif`, which is one fork."""
    rest = getattr(node, name)
    return (
        isinstance(node, ast.If)
        and name == "orelse"
        and len(rest) == 1
        and isinstance(rest[0], ast.If)
    )


def _ways(fork, following):
    """Return the code on all ways of an `if`; a way that raises is no silence."""
    ways = [way for way in _branches(fork) if not _ends(way, ast.Raise)]
    if any(_ends(way, LEAVES) for way in ways):
        ways = [way if _ends(way, LEAVES) else [*way, *following] for way in ways]
    return ways


def _branches(fork):
    if _continues(fork, "orelse"):
        return [fork.body, *_branches(fork.orelse[0])]
    return [fork.body, fork.orelse]


def _ends(way, kinds):
    return bool(way) and isinstance(way[-1], kinds)
