"""The press from the command line: ``python -m edition book | figures | lint``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from edition import results, runner, source
from edition.files import alone_in
from edition.project import BuildError, Project, find_project, notebooks


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands after the program's name; by default the process's own.

    Returns
    -------
    int
        The exit status: 0 if all went well, 1 if a build failed, 2 for bad usage.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.command(find_project(options.root), options)
    except BuildError as error:
        print(f"\n{error}\n\n{options.name}: failed.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{options.name}: interrupted.", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="python -m edition", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND")
    book = commands.add_parser("book", help="run what changed and compile the book")
    figures = commands.add_parser("figures", help="make only the figures")
    check = commands.add_parser("lint", help="check the notebooks' sources")
    for command in (book, figures, check):
        command.add_argument(
            "--root",
            type=Path,
            default=Path(),
            help="the folder of the book (default: found from the current one)",
        )
    for command in (book, figures):
        command.add_argument(
            "--jobs",
            type=_positive,
            help="how many notebooks at once (default: as many as there are cores)",
        )
        command.add_argument(
            "--timeout",
            type=_positive,
            default=300,
            help="the longest time for one cell, in seconds (default: 300)",
        )
    check.add_argument("--fix", action="store_true", help="rewrite the notebooks in normal form")
    book.set_defaults(command=_book)
    figures.set_defaults(command=_figures)
    check.set_defaults(command=_lint)
    return parser


def _positive(text):
    """Return a whole number above zero; argparse reports what is not one."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _book(project: Project, options: argparse.Namespace) -> int:
    from edition import site

    book = notebooks(project)
    with alone_in(project.build):
        _run(project, book, book, options)
        page = site.build(project.root)
    print(f"The book is ready: open {_shown(page)}")
    return 0


def _figures(project: Project, options: argparse.Namespace) -> int:
    book = notebooks(project)
    drawing = [path for path in book if source.promises(source.load(path)).figures]
    with alone_in(project.build):
        _run(project, book, drawing, options)
    print(f"The figures and their data are in {_shown(project.figures)}")
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


def _shown(path):
    """Return a path as short as it can be written from here."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


if __name__ == "__main__":
    sys.exit(main())
