"""Every notebook of the book runs with parameters that are not the paper's, and drops no claim."""

import re
from pathlib import Path

import pytest

from edition import parameters, source, verify
from edition.execute import execute
from edition.project import find_project, notebooks

ROOT = Path(__file__).resolve().parents[2]
PROJECT = find_project(ROOT)
SECOND = {
    "01_introduction": {"n": 12, "s": "1", "n_values": [3, 7], "points": 31},
    "02_collective_dissipation": {
        "n": 2,
        "s": "1",
        "beta_B": -0.8,
        "beta_0": 1.5,
        "points": 11,
        "t_max": 3.0,
    },
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
        "beta_B": -0.7,
        "t_max": 3.0,
        "hot_starts": [-3.0],
        "mild_starts": [0.25],
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
        "order": 5,
    },
    "06_entropy": {
        "n": 3,
        "s_values": ["1", "5/2"],
        "s": "1",
        "n_values": [5, 1],
        "beta_min": 12.0,
        "beta_max": 40.0,
        "points": 21,
        "order": 6,
        "accuracy": 0.02,
    },
    "07_free_energy_and_entropy_production": {
        "n_values": [3, 12],
        "s": "10",
        "beta_min": -1.0,
        "beta_max": 2.0,
        "points": 40,
        "final_energy": 0.4,
        "beta_start": 2.0,
        "order": 4,
    },
    "08_applications": {
        "order": 2,
        "n": 3,
        "s": "1",
        "s_values": ["1", "5/2"],
        "n_values": [60, 70],
        "points": 41,
        "n_cycle": 2,
        "beta_0": 12.0,
        "beta_h": 0.3,
        "beta_c": 1.2,
        "compression": 0.6,
        "beta_0_values": [0.7, 3.0],
        "beta_B": 11.0,
        "cold_start": 32.0,
    },
    "09_conclusions": {
        "n": 4,
        "s": "3/2",
        "n_values": [3, 12],
        "s_values": ["1", "5/2"],
        "beta_max": 3.0,
        "beta_B": 0.7,
        "beta_0": 3.0,
        "imperfection": 0.02,
    },
    "appendix_a_steady_state": {
        "n": 4,
        "s": "1/2",
        "beta_B": 0.4,
        "J_spectrum": "5/2",
        "points": 41,
        "J_max": 30,
        "beta_values": [0.2, 2.0],
        "lamb_shifts": [-0.2, 0.5],
    },
    "appendix_b_any_initial_state": {
        "n": 4,
        "beta_B": 0.5,
        "seed": 7,
        "points": 21,
        "n_values": [4, 2],
        "s_values": ["1/2", "3/2"],
        "lamb_shifts": [-0.5, 0.8],
        "cold_values": [3.0],
    },
    "appendix_c_energy_derivative": {
        "n": 3,
        "s": "1",
        "beta_B_values": [-0.5, 2.0],
        "n_values": [2, 7],
        "s_values": ["1", "5/2"],
        "multiplets": 3,
        "beta_max": 4.0,
        "beta_max_map": 3.0,
        "points": 41,
    },
    "appendix_d_local_state": {
        "n_values": [2, 3],
        "s_values": ["5/2", "1"],
        "beta_B": -1.1,
        "beta_0_values": [0.9],
        "n": 3,
        "s": "3/2",
        "beta_max": 3.0,
        "points": 41,
        "beta_cold": 1.5,
    },
    "appendix_e_entropy_derivative": {
        "n": 3,
        "s": "3/2",
        "n_values": [2, 5],
        "s_values": ["1/2", "2"],
        "beta_0": -1.1,
        "beta_bath": 0.8,
        "beta_bath_values": [0.3, 2.5],
        "beta_max": 3.0,
        "largest_spin": 5,
        "points": 31,
    },
    "appendix_f_free_energy": {
        "n": 3,
        "s": "1",
        "n_values": [3, 12],
        "beta_bath_values": [0.3, 3.0],
        "beta_bath": 0.7,
        "beta_max": 4.0,
        "points": 41,
    },
    "appendix_g_amplification": {
        "spins": 3,
        "size": "1",
        "beta_0_values": [0.3, 1.5],
        "n_values": [2, 5, 30],
        "s_values": ["1/2", "2"],
        "n_max": 300,
        "s_max": 100,
        "hot_min": 0.05,
        "hot_max": 0.8,
        "order": 2,
        "points": 41,
    },
    "appendix_h_coherences": {
        "n_values": [3, 2],
        "s_values": ["1/2", "2"],
        "beta_B": 0.5,
        "ratios": [-0.5, 2.5],
        "n_curves": [3, 12],
        "s": "1",
        "n_states": 4,
        "n": 3,
        "n_max": 5,
        "s_proof": ["3/2", "7/2"],
        "points": 21,
    },
    "appendix_i_apparent_temperature": {
        "n_values": [3],
        "s_values": ["1/2"],
        "J_values": ["1", "5/2"],
        "beta_B": 1.3,
        "n": 2,
        "s": "3/2",
        "t_max": 3.0,
        "points": 21,
    },
    "appendix_j_dephased_temperature": {
        "n_values": [2, 3],
        "s_values": ["5/2", "1"],
        "beta_B": 1.0,
        "beta_0_values": [0.9, -2.2],
        "beta_max": 3.0,
        "points": 41,
        "beta_cold": 1.1,
    },
    "appendix_k_inhomogeneity_interaction": {
        "beta_B": 0.6,
        "beta_0": 2.5,
        "beta_0_ring": 1.2,
        "strengths": [0.02, 0.06],
        "strong": 1.3,
        "s_model": "1",
        "levels": 3,
        "weak": 0.01,
    },
}

# Where these parameters put a claim out of reach, so that it must be told as not applicable.
OUT_OF_REACH = {
    "06_entropy",
    "07_free_energy_and_entropy_production",
    "08_applications",
    "appendix_d_local_state",
    "appendix_i_apparent_temperature",
    "appendix_j_dephased_temperature",
    "appendix_k_inhomogeneity_interaction",
}


def test_every_notebook_has_a_second_set_of_parameters():
    assert {path.stem for path in notebooks(PROJECT)} == set(SECOND)


# Claims name ensembles and temperatures: "n = 6: …", "3 spins 1/2", "baths 0.5, 2".
NUMBERS = re.compile(r"[-−]?\d+([./]\d+)?(e[-+]?\d+)?(, [-−]?\d+([./]\d+)?)*")


def told(notebook):
    """Return each claim of a run once, held or not applicable: its cell, place and words."""
    return {
        (cell["id"], record["equation"], NUMBERS.sub("#", record["claim"]))
        for cell in source.code_cells(notebook)
        for record in verify.recorded_checks({"cells": [cell]})
    }


@pytest.mark.parametrize("path", notebooks(PROJECT), ids=lambda path: path.stem)
def test_notebook_runs_with_other_parameters_and_drops_no_claim(path, tmp_path, build):
    values = SECOND[path.stem]
    declared = parameters.read(source.load(path))
    defaults = {parameter.name: parameter.default for parameter in declared}
    assert all(values[name] != defaults[name] for name in values)
    execute(path, tmp_path / "run", cache=PROJECT.cache, values=values)
    rerun = source.load(tmp_path / "run" / path.name)
    assert told(rerun) == told(source.load(build / "executed" / path.name))
    beyond = any(record["passed"] is None for record in verify.recorded_checks(rerun))
    assert beyond == (path.stem in OUT_OF_REACH)
