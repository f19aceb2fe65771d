"""The press from the command line: ``edition book``, ``edition rerun`` and more."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from edition import results, runner, source
from edition.files import alone_in, refusal
from edition.project import BuildError, Project, UsageError, find_notebook, find_project, notebooks

# What only one command at a time writes, straight into the folder of the build.
OUTPUTS = ("SHA256SUMS", "provenance.json", "ledger.json", "baseline", "book.pdf", "release")


class Command(NamedTuple):
    """What a command does, in code and in words, and what adds its options."""

    run: Callable[[Project, argparse.Namespace], int]
    about: str
    options: Sequence[Callable[[argparse.ArgumentParser], None]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands after the program's name; by default the process's own.

    Returns
    -------
    int
        The exit status: 0 if all went well, 1 if a run or a build failed, 2 for bad usage.
    """
    options = _parser().parse_args(arguments)
    try:
        project = find_project(options.root)
        return _run_command(project, options)
    except UsageError as error:
        print(f"edition {options.name}: {error}", file=sys.stderr)
        return 2
    except BuildError as error:
        print(f"\n{error}\n\n{options.name}: failed.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{options.name}: interrupted.", file=sys.stderr)
        return 130


def _run_command(project, options):
    """Run a command, and say what the machine refused as one says any failure."""
    try:
        return options.command(project, options)
    except OSError as error:
        raise BuildError(refusal(error, project.build)) from None


def _parser():
    parser = argparse.ArgumentParser(prog="edition", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.about, description=f"{command.about}.")
        sub.set_defaults(command=command.run)
        for option in (_root, *command.options):
            option(sub)
    return parser


def _root(command):
    command.add_argument(
        "--root",
        type=Path,
        default=Path(),
        help="the folder of the book (default: found from the current one)",
    )


def _jobs(command):
    command.add_argument(
        "--jobs",
        type=_positive,
        help="how many notebooks at once (default: as many as there are cores)",
    )


def _timeout(command):
    command.add_argument(
        "--timeout",
        type=_positive,
        default=300,
        help="the longest time for one cell, in seconds (default: 300)",
    )


def _fix(command):
    command.add_argument("--fix", action="store_true", help="rewrite the notebooks in normal form")


def _one_notebook(command):
    command.add_argument("notebook", help=NOTEBOOK)


def _perhaps_notebook(command):
    command.add_argument("notebook", nargs="?", help=f"{NOTEBOOK}; not needed with --from")


def _given(command):
    command.add_argument(
        "-p",
        dest="given",
        action="append",
        default=[],
        metavar="name=value",
        help="a parameter; several times, or several in one text, with spaces between them",
    )
    command.add_argument("-f", dest="file", type=Path, help="parameters from a YAML file")
    command.add_argument(
        "--from",
        dest="record",
        type=Path,
        metavar="run.json",
        help="repeat the run that this file records, and compare",
    )


def _output(command):
    command.add_argument(
        "-o", dest="output", metavar="DIR", help="the folder to make (default: in _build/reruns)"
    )


def _grid(command):
    command.add_argument("grid", type=Path, help="a YAML file with the points and the outputs")


def _engine(command):
    command.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="a Dask scheduler with workers of one thread each (default: workers of its own)",
    )
    command.add_argument(
        "--workers",
        type=_positive,
        help="how many of its own (default: as many as there are cores)",
    )
    command.add_argument("--retry", action="store_true", help="run again what failed before")
    command.add_argument("--csv", action="store_true", help="write the table as CSV")


def _some_figures(command):
    command.add_argument(
        "figures", nargs="*", metavar="figure", help="its name (default: all that differ)"
    )


def _force(command):
    command.add_argument("--force", action="store_true", help="replace an earlier run")


def _tag(command):
    command.add_argument("--tag", default="", help="the tag of the release, to compare")


def _positive(text):
    """Return a whole number above zero; argparse reports what is not one."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _book(project: Project, options: argparse.Namespace) -> int:
    from edition import launch, provenance, site

    launch.repository()  # refuses a bad address before anything runs
    book = notebooks(project)
    with alone_in(project.build, *OUTPUTS):
        _run(project, book, book, options)
        page = site.build(project.root)
        provenance.publish(project)
    print(f"The book is ready: open {_shown(page)}")
    return 0


def _figures(project: Project, options: argparse.Namespace) -> int:
    book = notebooks(project)
    with alone_in(project.build, *OUTPUTS):
        _run(project, book, source.drawing(book), options)
    print(f"The figures and their data are in {_shown(project.figures)}")
    return 0


def _baseline(project: Project, options: argparse.Namespace) -> int:
    from edition import acceptance

    book = notebooks(project)
    with alone_in(project.build, *OUTPUTS):
        _run(project, book, source.drawing(book), options)
        found = acceptance.show(project)
    if found:
        told = "\n".join(item.said for item in found)
        page = _shown(project.comparison / acceptance.PAGE)
        raise BuildError(
            f"{told}\n\nOld, new and difference: {page}\nWhere the new ones are right: make accept"
        )
    print("Every figure is as accepted.")
    return 0


def _accept(project: Project, options: argparse.Namespace) -> int:
    from edition import acceptance

    with alone_in(project.build, *OUTPUTS):
        taken = acceptance.accept(project, options.figures)
    for item in taken:
        print(f"accepted {item.said}")
    if not taken:
        print("Nothing to accept: every figure is as accepted.")
    return 0


def _ledger(project: Project, options: argparse.Namespace) -> int:
    from edition import ledger

    book = notebooks(project)
    with alone_in(project.build, *OUTPUTS):
        _run(project, book, book, options)
        found = ledger.complete(
            project.root / "book", [project.executed / path.name for path in book]
        )
        ledger.write(ledger.serialise(found), project.build / "ledger.json")
    print("\n".join([*found.table(), "", *found.summary()]))
    return 0


def _run(project, book, chosen, options):
    """Bring chosen notebooks of the book up to date and drop what none makes."""
    runner.run(project, chosen, workers=options.jobs, timeout=options.timeout)
    results.prune(project, book)


def _lint(project: Project, options: argparse.Namespace) -> int:
    from edition.lint import lint

    found = lint(project, fix=options.fix)
    if found:
        raise BuildError("\n".join(found))
    return 0


def _params(project: Project, options: argparse.Namespace) -> int:
    from edition import parameters, rerun

    notebook = find_notebook(project, options.notebook)
    print(rerun.table(parameters.read(source.load(notebook))))
    return 0


def _pdf(project: Project, options: argparse.Namespace) -> int:
    try:
        from edition import pdf
    except ImportError as error:
        raise UsageError(f"{error.name} is not installed: install the extra `browser`.") from None

    with alone_in(project.build, *OUTPUTS):
        printed = pdf.build(project)
    print(f"The whole book is printed: open {_shown(printed)}")
    return 0


def _release(project: Project, options: argparse.Namespace) -> int:
    from edition import release

    with alone_in(project.build, *OUTPUTS):
        folder = release.pack(project, options.tag)
    print(f"Packed for a release: {_shown(folder)}")
    return 0


def _reproduce(project: Project, options: argparse.Namespace) -> int:
    from edition.reproduce import reproduce

    with alone_in(project.build, *OUTPUTS):
        print(reproduce(project, options.timeout))
    return 0


def _rerun(project: Project, options: argparse.Namespace) -> int:
    from edition import record, rerun

    past = record.load(options.record) if options.record else {}
    notebook, given = _what_to_run(project, options, past)
    default = rerun.default_folder(project, notebook, given)
    folder = Path(options.output) if options.output else default
    checks = rerun.rerun(
        project, notebook, given, folder, force=options.force, timeout=options.timeout
    )
    print(f"{notebook.stem}: {rerun.summary(checks)}.")
    print(f"Open {_shown(folder / f'{notebook.stem}.html')}; all about the run is beside it.")
    changed = rerun.differences(past["outputs"], folder) if past else []
    if changed:
        raise BuildError(f"The run was repeated, but these files differ: {', '.join(changed)}.")
    if past:
        print("Every file is the same as in the run that was repeated.")
    return 0


def _what_to_run(project, options, past):
    """Return the notebook and its parameters, as given or as recorded."""
    from edition import parameters, record, values

    if past and (options.given or options.file):
        raise UsageError("With --from the parameters are those of the record: leave out -p and -f.")
    name = options.notebook or (str(project.root / past["notebook"]) if past else "")
    if not name:
        raise UsageError("Which notebook? Give its number, letter, name or path.")
    notebook = find_notebook(project, name)
    if past:
        record.require_unchanged(past, project, notebook)
        written = past["parameters"]
    else:
        written = values.mapping(values.load(options.file), options.file) if options.file else {}
        written |= values.assignments(options.given)
    return notebook, values.read(parameters.read(source.load(notebook)), written)


def _shown(path):
    """Return a path as short as it can be written from here."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def _sweep(project: Project, options: argparse.Namespace) -> int:
    try:
        from edition import sweep
        from edition.store import Store
    except ImportError as error:
        raise UsageError(f"{error.name} is not installed: install the extra `sweep`.") from None

    notebook = find_notebook(project, options.notebook)
    address = options.output or str(project.reruns / f"{notebook.stem}-{options.grid.stem}")
    ended = sweep.sweep(
        project,
        notebook,
        options.grid,
        Store(address),
        scheduler=options.scheduler,
        workers=options.workers or runner.cores(),
        timeout=options.timeout,
        retry=options.retry,
        as_csv=options.csv,
    )
    print(f"{notebook.stem}: {ended.points - len(ended.failed)} of {ended.points} points are done.")
    print(f"Their table: {ended.table}")
    if ended.failed:
        raise BuildError(sweep.told(ended.failed))
    return 0


NOTEBOOK = "a notebook: number (05), letter (D), name or path"

COMMANDS = {
    "book": Command(_book, "Run what changed and compile the book", (_jobs, _timeout)),
    "figures": Command(_figures, "Make only the figures", (_jobs, _timeout)),
    "baseline": Command(
        _baseline, "Compare the figures with those that were accepted", (_jobs, _timeout)
    ),
    "accept": Command(_accept, "Take over figures whose changes were shown", (_some_figures,)),
    "ledger": Command(
        _ledger, "Tell what was found about every equation and claim", (_jobs, _timeout)
    ),
    "lint": Command(_lint, "Check the notebooks' sources", (_fix,)),
    "params": Command(_params, "List the parameters of a notebook", (_one_notebook,)),
    "pdf": Command(_pdf, "Print the built book as one PDF, with Chromium", ()),
    "release": Command(_release, "Pack what was built for a release", (_tag,)),
    "reproduce": Command(
        _reproduce, "Build the book again, elsewhere, and compare every byte", (_timeout,)
    ),
    "rerun": Command(
        _rerun,
        "Run a notebook with other parameters, into a folder of its own",
        (_perhaps_notebook, _given, _output, _force, _timeout),
    ),
    "sweep": Command(
        _sweep,
        "Run a notebook at every point of a grid, and go on where it was interrupted",
        (_one_notebook, _grid, _output, _engine, _timeout),
    ),
}

if __name__ == "__main__":
    sys.exit(main())
