"""The rules of a notebook's source: small diffs, typed parameters, prose before code.

`problems` says what is against the rules; `normalised` puts right what needs no
judgement.
"""

import ast
import copy
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from edition import parameters
from edition.branches import dropped, filtered_names
from edition.project import CONTENTS, BuildError, Project, notebooks
from edition.ranges import broken, describe
from edition.sanitise import INJECTED_ID, serialise
from edition.source import Cell, Notebook, code_cells, load, place, tagged, text

LONGEST_CELL = 25

FILE_NAME = re.compile(r"(\d\d|appendix_[a-k])_[a-z0-9_]+\.ipynb")
CELL_ID = re.compile(r"[a-z0-9-]{8}")
FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}

# What editors leave in a cell's metadata; everything else is meant.
LEFTOVERS = {"ExecuteTime", "collapsed", "execution", "papermill", "scrolled", "trusted"}


def lint(project: Project, *, fix: bool = False) -> list[str]:
    """Check every notebook of the book.

    Parameters
    ----------
    project : Project
    fix : bool, default: False
        Whether to rewrite the notebooks in their normal form first.

    Returns
    -------
    list of str
        A line for each breach of a rule, with the notebook in front.
    """
    book = notebooks(project)
    found = [
        f"{path.relative_to(project.root)}: is not in {CONTENTS}"
        for path in sorted((project.root / "book").glob("*.ipynb"))
        if path not in book
    ]
    for path in book:
        if fix:
            _rewrite(path)
        name = path.relative_to(project.root)
        found += [f"{name}: {problem}" for problem in problems(path)]
    return found


def _rewrite(path):
    """Write a notebook in its normal form, if it is not in it."""
    from edition.files import write_whole

    normal = serialise(normalised(load(path), path.stem)).encode()
    if path.read_bytes() != normal:
        write_whole(path, normal)


def problems(path: Path) -> list[str]:
    """Return what is against the rules in a notebook.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of str
    """
    try:
        notebook = load(path)
    except BuildError as error:
        return [str(error)]
    invalid = _schema_problems(notebook)
    if invalid:
        return invalid
    found = [] if FILE_NAME.fullmatch(path.name) else ["its name must be NN_topic.ipynb"]
    for rule in RULES:
        found += rule(notebook)
    if not found and path.read_text(encoding="utf-8") != serialise(notebook):
        found.append("is not in normal form: run `python -m edition lint --fix`")
    return found


def _schema_problems(notebook):
    """Return what the notebook format itself refuses."""
    from nbformat.validator import iter_validate

    return [
        f"is no valid notebook: {str(error).splitlines()[0]}" for error in iter_validate(notebook)
    ]


def _metadata(notebook: Notebook) -> Iterator[str]:
    metadata = notebook["metadata"]
    if notebook["nbformat_minor"] != 5:
        yield f"must have format 4.5, but has 4.{notebook['nbformat_minor']}"
    if metadata.get("kernelspec") != KERNEL:
        yield "must have the kernelspec python3 of `lint --fix`"
    if metadata.get("language_info") != LANGUAGE:
        yield "must have language_info with the name only"
    if extra := set(metadata) - {"edition", "kernelspec", "language_info"}:
        yield f"has metadata of no use here: {', '.join(sorted(extra))}"
    promised = metadata.get("edition")
    if not isinstance(promised, dict) or set(promised) != {"checks", "figures"}:
        yield 'must promise in its metadata {"edition": {"figures": […], "checks": […]}}'
    elif not all(_unique_texts(names) for names in promised.values()):
        yield "must promise figures and checks as lists of names, each once"


def _unique_texts(names):
    texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return texts and len(set(names)) == len(names)


def _ids(notebook: Notebook) -> Iterator[str]:
    ids = [cell.get("id", "") for cell in notebook["cells"]]
    for name in dict.fromkeys(ids):
        if not CELL_ID.fullmatch(name) or name == INJECTED_ID:
            yield f"the cell id {name!r} must have 8 characters of a-z, 0-9 and -"
        if ids.count(name) > 1:
            yield f"the cell id {name!r} is there {ids.count(name)} times"


def _title(notebook: Notebook) -> Iterator[str]:
    cells = notebook["cells"]
    prose = [FENCED.sub("", text(c)) for c in cells if c["cell_type"] == "markdown"]
    titles = re.findall(r"^# .*", "\n\n".join(prose), re.MULTILINE)
    if len(titles) != 1:
        yield f"must have one title `# …`, but has {len(titles)}"
    if not cells or cells[0]["cell_type"] != "markdown" or text(cells[0])[:2] != "# ":
        yield "must begin with its title, in a markdown cell"


def _parameters(notebook: Notebook) -> Iterator[str]:
    cells = tagged(notebook, "parameters")
    if len(cells) != 1 or cells[0]["cell_type"] != "code":
        yield f'must have one code cell tagged "parameters", but has {len(cells)}'
        return
    try:
        declared = parameters.read(notebook)
    except BuildError as error:
        yield str(error)
        return
    if not declared:
        yield "declares no parameter"
    for parameter in declared:
        if not parameter.comment:
            yield f"the parameter `{parameter.name}` needs a comment: meaning, unit, range"


def _ranges(notebook: Notebook) -> Iterator[str]:
    """Find parameters whose comment does not tell meaning, unit and range."""
    try:
        declared = parameters.read(notebook)
    except BuildError:
        return  # told already
    defaults = parameters.resolved(declared, {})
    for name, kind, _, comment in declared:
        meaning, unit, rules = describe(comment)
        if not meaning and comment:
            yield f"the parameter `{name}` needs a meaning"
        if all(rule.whole for rule in rules):
            yield f"the parameter `{name}` needs a range at the end, such as `>= 2`"
        if rules and not unit and "float" in kind:
            yield f"the parameter `{name}` needs a unit before its range, or 1 for a pure number"
        try:
            if complaint := broken(rules, name, defaults):
                yield f"the default of `{name}` {complaint}"
        except KeyError as error:
            yield f"the range of `{name}` names {error}, which is no parameter"


def _cells(notebook: Notebook) -> Iterator[str]:
    previous = None
    for cell in notebook["cells"]:
        if not text(cell).strip():
            yield f"the cell {cell.get('id')} is empty"
        if cell["cell_type"] == "code":
            for problem in _code_problems(cell):
                yield f"{place(notebook, cell)}\n  {problem}"
            if previous is None or previous["cell_type"] != "markdown":
                yield f"{place(notebook, cell)}\n  no prose says what to expect of it"
        elif cell["cell_type"] == "raw":
            yield f"the cell {cell.get('id')} is neither prose nor code"
        previous = cell


def _code_problems(cell: Cell) -> Iterator[str]:
    lines = len(text(cell).splitlines())
    if lines > LONGEST_CELL:
        yield f"has {lines} lines; more than {LONGEST_CELL} belong in lib/"
    if cell["outputs"] or cell["execution_count"] is not None:
        yield "has outputs or an execution count"
    try:
        tree = ast.parse(text(cell))
    except SyntaxError as error:
        yield f"is not plain Python: {error.msg}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _same_sides(node):
            yield f"line {node.lineno} checks an expression against itself"


def _same_sides(call):
    """Tell whether a check has the same expression on both sides."""
    named = isinstance(call.func, ast.Name) and call.func.id == "check"
    if not named or len(call.args) < 4:
        return False
    left, right = (ast.unparse(side) for side in call.args[2:4])
    return left == right


def _unpromised(notebook: Notebook) -> Iterator[str]:
    """Find figures and checks that are named in the code and not in the metadata."""
    promised = notebook["metadata"].get("edition")
    if not isinstance(promised, dict):
        return
    for cell in code_cells(notebook):
        for kind, name in _named(cell):
            if name not in promised.get(f"{kind}s", []):
                yield f"does not promise the {kind} {name!r} in its metadata"


def _tree(cell):
    """Return the code of a cell, parsed, or None where it is not Python, which is told already."""
    try:
        return ast.parse(text(cell))
    except SyntaxError:
        return None


def _named(cell):
    """Yield the calls of `figure` and `check` whose first argument is written out."""
    for node in ast.walk(_tree(cell) or ast.Module([], [])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            if node.func.id in ("figure", "check") and isinstance(first, ast.Constant):
                yield node.func.id, first.value


def _dropped(notebook: Notebook) -> Iterator[str]:
    """Find claims that some parameters would drop in silence."""
    parsed = [(cell, tree) for cell in code_cells(notebook) if (tree := _tree(cell))]
    filtered = {name for _, tree in parsed for name in filtered_names(tree)}
    for cell, tree in parsed:
        for problem in dropped(tree, filtered):
            yield f"{place(notebook, cell)}\n  {problem}"


RULES = (_metadata, _ids, _title, _parameters, _ranges, _cells, _unpromised, _dropped)


def normalised(notebook: Notebook, name: str) -> Notebook:
    """Return a notebook with everything put right that needs no judgement.

    Outputs and editors' traces go, format, kernel and language become what they
    must be, and cells without a proper id get one made from name and contents.

    Parameters
    ----------
    notebook : dict
    name : str
        What the notebook is called.

    Returns
    -------
    dict
    """
    notebook = copy.deepcopy(notebook)
    kept = notebook.get("metadata", {}).get("edition", {"checks": [], "figures": []})
    notebook["metadata"] = {
        "edition": kept,
        "kernelspec": dict(KERNEL),
        "language_info": dict(LANGUAGE),
    }
    notebook["nbformat_minor"] = 5
    taken: set[str] = {INJECTED_ID}
    for index, cell in enumerate(notebook["cells"]):
        _clean(cell)
        if not CELL_ID.fullmatch(cell.get("id", "")) or cell["id"] in taken:
            seed = f"{name}\0{index}\0{text(cell)}".encode()
            cell["id"] = hashlib.sha256(seed).hexdigest()[:8]
        taken.add(cell["id"])
    return notebook


def _clean(cell):
    """Remove a run's traces from a cell, and blank ends from its source."""
    metadata = cell.setdefault("metadata", {})
    for key in LEFTOVERS & set(metadata):
        del metadata[key]
    cell["source"] = text(cell).strip("\n")
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
