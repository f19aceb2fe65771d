"""`figure` keeps four files, the same each time, or refuses before it writes any."""

import csv
import errno
import math
import os
import subprocess
import sys
from fractions import Fraction

import IPython
import IPython.display
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from edition import curve, figure, panels

X = np.linspace(0, 1, 11)
DATA = {"x [1]": X, "E_+/ns, n=4, s=1/2 [ħω]": X**2}


def drawn():
    fig, [ax] = panels()
    curve(ax, X, X**2, "orange", label=r"$\beta_B$")
    ax.legend()
    return fig


@pytest.fixture
def output(tmp_path, monkeypatch):
    folder = tmp_path / "figures"
    monkeypatch.setenv("EDITION_OUTPUT", str(folder))
    return folder


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_four_files_are_kept(output):
    assert figure("fig05", drawn(), DATA, "A curve.", "It rises.") is None
    assert sorted(path.name for path in output.iterdir()) == [
        "fig05.csv",
        "fig05.pdf",
        "fig05.png",
        "fig05.svg",
    ]
    assert (output / "fig05.svg").read_bytes().startswith(b"<?xml")
    assert (output / "fig05.pdf").read_bytes().startswith(b"%PDF")
    assert (output / "fig05.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.delenv("EDITION_OUTPUT", raising=False)
    monkeypatch.chdir(tmp_path)
    figure("fig05", drawn(), DATA, "A curve.", "It rises.")
    assert list(tmp_path.iterdir()) == []


def kept(output, columns, **rounding):
    figure("numbers", drawn(), columns, "A curve.", "It rises.", **rounding)
    return read(output / "numbers.csv")


def test_data_come_back_to_the_last_digit_where_all_are_asked_for(output):
    values = [0.1, 1 / 3, 1e-300, -5e-324, 1.7976931348623157e308, math.nan]
    columns = {
        "x [1]": values,
        "count [1]": np.array([10**18 + 1]),
        "weight, exact [1]": [Fraction(1, 3), Fraction(2)],
    }
    header, *rows = kept(output, columns, digits=17)
    assert header == list(columns)
    assert [float(row[0]) for row in rows[:-1]] == values[:-1]
    assert rows[-1] == ["nan", "", ""]
    assert [row[1] for row in rows] == ["1000000000000000001", "", "", "", "", ""]
    assert [row[2] for row in rows] == [repr(1 / 3), "2.0", "", "", "", ""]
    assert b"\r" not in (output / "numbers.csv").read_bytes()


def test_data_have_ten_digits_of_any_size_and_whole_numbers_all_of_theirs(output):
    values = [1 / 3, -2e-300 / 3, 2e300 / 3, 0.1, 1e-5, -0.0, 123456789.987654321]
    columns = {"x [1]": values, "count [1]": [12345678901234567]}
    _, *rows = kept(output, columns)
    assert [row[0] for row in rows] == [
        "0.3333333333",
        "-6.666666667e-301",
        "6.666666667e+299",
        "0.1",
        "1e-05",
        "0.0",
        "123456790.0",
    ]
    assert rows[0][1] == "12345678901234567"


def test_small_differences_of_large_numbers_have_as_many_decimals_as_are_asked_for(output):
    values = [0.1 + 0.2 - 0.3, -1e-12, 1.23456e-8, 1 / 3]
    _, *rows = kept(output, {"x [1]": values}, decimals=10)
    assert [row[0] for row in rows] == ["0.0", "0.0", "1.23e-08", "0.3333333333"]
    _, *rows = kept(output, {"x [1]": [1234.5, math.nan]}, decimals=-2)
    assert [row[0] for row in rows] == ["1200.0", "nan"]


def test_the_noise_of_a_machine_is_below_the_digits(output):
    values = np.geomspace(1e-30, 1e30, 1001)
    _, *rows = kept(output, {"x [1]": values})
    _, *other = kept(output, {"x [1]": values * (1 + 2e-16)})
    _, *third = kept(output, {"x [1]": values * (1 + 2e-9)})
    assert rows == other
    assert all(row != found for row, found in zip(rows, third, strict=True))


def test_the_same_figure_gives_the_same_bytes_in_another_process(output, tmp_path):
    code = (
        "import numpy as np\n"
        "from edition import curve, figure, panels\n"
        "X = np.linspace(0, 1, 11)\n"
        "fig, [ax] = panels()\n"
        "curve(ax, X, X**2, 'orange', label=r'$\\beta_B$')\n"
        "ax.legend()\n"
        "figure('fig05', fig, {'x [1]': X, 'E_+/ns, n=4, s=1/2 [ħω]': X**2}, 'A curve.', 'B')"
    )
    other = tmp_path / "other"
    settings = {"EDITION_OUTPUT": str(other), "PYTHONHASHSEED": "99", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], env=os.environ | settings, check=True)
    figure("fig05", drawn(), DATA, "A curve.", "It rises.")
    for path in output.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_the_vector_file_needs_no_fonts_and_names_no_date(output, monkeypatch):
    fig = drawn()
    monkeypatch.setitem(mpl.rcParams, "svg.fonttype", "none")
    figure("fig05", fig, DATA, "A curve.", "It rises.")
    svg = (output / "fig05.svg").read_text(encoding="utf-8")
    assert "<text" not in svg
    assert "<dc:date>" not in svg
    assert b"CreationDate" not in (output / "fig05.pdf").read_bytes()


def test_a_notebook_shows_the_kept_picture_once_with_its_words(output, monkeypatch):
    fig = plt.figure()
    fig.add_subplot()
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(
        IPython.display, "publish_display_data", lambda *bundle: shown.append(bundle)
    )
    figure("fig05", fig, DATA, "A\n  curve.", "It rises.")
    [(data, metadata)] = shown
    assert data["image/svg+xml"] == (output / "fig05.svg").read_text(encoding="utf-8")
    structure = ["panels: 1", *(f'panel 1 {axis} axis "", linear, 0 to 1' for axis in "xy")]
    rounding = {"digits": 10, "decimals": None}
    words = {"alt": "It rises.", "caption": "A curve.", "figure": "fig05"}
    assert metadata == {"edition": words | rounding | {"structure": structure}}
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Fig05"}, "`name` must be lower-case words"),
        ({"name": "fig5"}, '`name` must write a number as in "fig05"'),
        ({"name": "fig005"}, "`name` must write a number"),
        ({"name": "../fig05"}, "`name` must be lower-case words"),
        ({"name": ""}, "`name` must be lower-case words"),
        ({"name": 5}, "`name` must be lower-case words"),
        ({"fig": None}, "`fig` must be a figure with axes"),
        ({"fig": plt.Figure()}, "`fig` must be a figure with axes"),
        ({"data": {}}, "`data` must be a dictionary"),
        ({"data": [X]}, "`data` must be a dictionary"),
        ({"data": {"x": X}}, "quantity and unit.*'x'"),
        ({"data": {"[1]": X}}, "quantity and unit"),
        ({"data": {"x []": X}}, "quantity and unit"),
        ({"data": {"x [1]\n": X}}, "quantity and unit"),
        ({"data": {"x [1]": []}}, r"real columns.*'x \[1\]' had shape \(0,\)"),
        ({"data": {"x [1]": X[None]}}, r"real columns.*had shape \(1, 11\)"),
        ({"data": {"x [1]": 3.0}}, r"real columns.*had shape \(\)"),
        ({"data": {"x [1]": X * 1j}}, "real columns.*type complex128"),
        ({"data": {"x [1]": X > 0}}, "real columns.*type bool"),
        ({"data": {"x [1]": ["a"]}}, "real columns"),
        ({"data": {"x [1]": [1.0, math.inf]}}, r"free of infinities, but 'x \[1\]'"),
        ({"data": {"x [1]": [math.nan]}}, "nothing but NaN"),
        ({"caption": " \n"}, "`caption` must be a sentence"),
        ({"alt": ""}, "`alt` must be a sentence"),
        ({"alt": None}, "`alt` must be a sentence"),
        ({"digits": 0}, "`digits` must be a whole number from 1 to 17, but was 0"),
        ({"digits": 18}, "`digits` must be a whole number from 1 to 17"),
        ({"digits": 10.0}, "`digits` must be a whole number from 1 to 17, but was 10.0"),
        ({"digits": None}, "`digits` must be a whole number from 1 to 17"),
        ({"decimals": 0.5}, "`decimals` must be a whole number, but was 0.5"),
        ({"decimals": True}, "`decimals` must be a whole number, but was True"),
    ],
)
def test_what_is_no_figure_is_refused_before_anything_is_written(output, changed, message):
    arguments = {"name": "fig05", "data": DATA, "caption": "A curve.", "alt": "It rises."}
    with pytest.raises(ValueError, match=message):
        figure(**({"fig": drawn()} | arguments | changed))
    assert not output.exists()


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    from edition.files import write_whole

    path = tmp_path / "deep" / "a.txt"
    write_whole(path, b"old")
    monkeypatch.setattr(type(path), "replace", _refuse)
    with pytest.raises(OSError, match="no room") as error:
        write_whole(path, b"new")
    assert error.value.filename == str(path)
    assert [item.name for item in path.parent.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"old"


def _refuse(*_):
    raise OSError(errno.ENOSPC, "no room")
