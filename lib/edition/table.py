"""The table of a sweep: a row for each point, as Parquet or CSV."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]

# What the table says of each point, besides its parameters and outputs.
OWN = {"point", "status", "error", "seconds", "checks_passed", "checks_not_applicable"}
INFINITIES = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def rows(records: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows of a table.

    Parameters
    ----------
    records : sequence of mapping
        One for each point: ``point``, ``parameters``, ``status``, ``error``,
        ``seconds``, ``checks`` and ``outputs``.

    Returns
    -------
    list of dict
        All with the same columns: the point and its parameters, how it went, how
        many checks passed and how many did not apply, for each equation whether its
        checks passed (None where none applied), and the outputs.
    """
    found = [_row(record) for record in records]
    columns = dict.fromkeys(
        name for part in zip(*found, strict=True) for row in part for name in row
    )
    return [
        {name: whole.get(name) for name in columns}
        for parts in found
        for whole in [{name: value for part in parts for name, value in part.items()}]
    ]


def _row(record: Mapping[str, Any]) -> tuple[Row, ...]:
    """Return the parts of a row, in which columns keep together."""
    checks = record["checks"]
    passed = [check["equation"] for check in checks if check["passed"]]
    about = {name: record[name] for name in ("status", "error", "seconds")}
    counts = {"checks_passed": len(passed), "checks_not_applicable": len(checks) - len(passed)}
    equations = {f"check {c['equation']}": c["equation"] in passed or None for c in checks}
    parameters = {name: _number(value) for name, value in record["parameters"].items()}
    outputs = {name: _number(value) for name, value in record["outputs"].items()}
    return {"point": record["point"]}, parameters, about | counts, equations, outputs


def _number(value: Any) -> Any:
    """Return the infinities, which JSON keeps as texts, as numbers."""
    if isinstance(value, list):
        return [_number(item) for item in value]
    return INFINITIES.get(value, value) if isinstance(value, str) else value


def parquet(table: list[Row]) -> bytes:
    """Return a table as Parquet."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    columns = {name: _column([row[name] for row in table]) for name in table[0]}
    buffer = io.BytesIO()
    write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def _column(values: list[Any]) -> Any:
    """Return a column, as JSON texts where its values have no common type."""
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([_cell(value) for value in values])


def comma_separated(table: list[Row]) -> bytes:
    """Return a table as CSV, lists in it as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows([_cell(value) for value in row.values()] for row in table)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, (list, bool)):
        return json.dumps(value)
    return "" if value is None else str(value)
