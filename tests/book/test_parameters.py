"""Every notebook of the book runs with parameters that are not the paper's."""

from pathlib import Path

import pytest

from edition import parameters, source
from edition.execute import execute
from edition.project import find_project, notebooks

ROOT = Path(__file__).resolve().parents[2]
PROJECT = find_project(ROOT)
SECOND = {
    "01_introduction": {"n": 12, "s": "1", "n_values": [3, 7], "points": 31},
    "02_collective_dissipation": {"n": 2, "s": "1", "beta_B": -0.8, "beta_0": 1.5, "points": 11},
    "03_spin_ensembles": {
        "n_values": [2, 5],
        "s_values": ["1", "5/2"],
        "n": 2,
        "s": "2",
        "n_figure": 7,
    },
    "04_steady_states": {
        "n": 30,
        "s": "1",
        "beta_0_values": [-0.5, 3.0],
        "n_small": 2,
        "points": 21,
    },
    "05_energy": {
        "n": 31,
        "s": "1",
        "beta_0_values": [0.3, 1.5],
        "n_sketch": 5,
        "beta_B": 0.6,
        "n_few": 3,
        "s_values": ["1", "5/2"],
        "n_values": [3, 12],
        "beta_max": 2.0,
        "points": 41,
    },
    "06_entropy": {"n": 3, "s_values": ["1", "5/2"], "s": "1", "n_values": [2, 5], "points": 21},
    "07_free_energy_and_entropy_production": {
        "n_values": [3, 12],
        "s": "1",
        "beta_min": -1.0,
        "beta_max": 2.0,
        "points": 40,
        "final_energy": 0.4,
    },
    "08_applications": {
        "n": 3,
        "s": "1",
        "s_values": ["1", "5/2"],
        "n_values": [3, 12],
        "points": 41,
        "n_cycle": 2,
        "beta_0": 1.5,
        "beta_h": 0.3,
        "beta_c": 1.2,
        "compression": 0.6,
        "beta_0_values": [0.7, 3.0],
        "beta_B": 0.8,
    },
    "09_conclusions": {
        "n": 4,
        "s": "3/2",
        "n_values": [3, 12],
        "s_values": ["1", "5/2"],
        "beta_max": 3.0,
    },
}


def test_every_notebook_has_a_second_set_of_parameters():
    assert {path.stem for path in notebooks(PROJECT)} == set(SECOND)


@pytest.mark.parametrize("path", notebooks(PROJECT), ids=lambda path: path.stem)
def test_notebook_runs_with_other_parameters(path, tmp_path):
    values = SECOND[path.stem]
    declared = parameters.read(source.load(path))
    defaults = {parameter.name: parameter.default for parameter in declared}
    assert all(values[name] != defaults[name] for name in values)
    execute(path, tmp_path / "run", cache=PROJECT.cache, values=values)
    assert (tmp_path / "run" / path.name).is_file()
