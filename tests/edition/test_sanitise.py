"""The executed copy holds the source and the outputs, and nothing of the run itself."""

import copy
import json
from pathlib import Path

from edition.sanitise import executed_copy, serialise, unstable_outputs

FOLDERS = [Path("/home/someone/book")]


def papermill_of(source, number=0):
    """Return a notebook as papermill leaves it, differently each time."""
    run = copy.deepcopy(source)
    run["metadata"]["papermill"] = {"duration": 1.5 + number, "output_path": f"/tmp/{number}"}
    run["metadata"]["language_info"] = {"name": "python", "version": f"3.{number}"}
    run["metadata"]["widgets"] = {"state": {f"{number:032x}": {}}}
    for place, cell in enumerate(run["cells"]):
        cell["metadata"]["papermill"] = {"start_time": f"2026-01-0{number + 1}"}
        cell["metadata"]["execution"] = {"iopub.status.busy": number}
        if cell["cell_type"] == "code":
            widget = {"model_id": f"{number:032x}"}
            data = {"text/plain": "β\nγ", "application/vnd.jupyter.widget-view+json": widget}
            output = {"output_type": "display_data", "data": data, "metadata": {}}
            output["transient"] = {"display_id": number}
            cell |= {"execution_count": place, "outputs": [output]}
    return run


def test_two_runs_give_the_same_bytes(make_notebook):
    source = make_notebook("a = 1", "b = 2")
    first, second = (executed_copy(source, papermill_of(source, k)) for k in (0, 1))
    assert serialise(first) == serialise(second)
    cell = first["cells"][3]
    assert cell["execution_count"] == 3
    plain = {"output_type": "display_data", "data": {"text/plain": "β\nγ"}, "metadata": {}}
    assert cell["outputs"] == [plain]
    assert first["metadata"] == source["metadata"]


def test_the_source_is_left_alone(make_notebook):
    source = make_notebook("a = 1")
    before = json.dumps(source)
    executed_copy(source, papermill_of(source))
    assert json.dumps(source) == before


def test_passed_parameters_get_a_stable_id(make_notebook):
    source = make_notebook("a = 1")
    run = papermill_of(source)
    injected = copy.deepcopy(run["cells"][1]) | {"id": "6f1c", "source": "# Parameters\nn = 2\n"}
    injected["metadata"] = {"tags": ["injected-parameters"]}
    run["cells"].insert(2, injected)
    cells = executed_copy(source, run)["cells"]
    assert [cell["id"] for cell in cells] == [
        "title000",
        "params00",
        "injected",
        "prose000",
        "code0000",
    ]
    assert cells[2]["source"] == ["# Parameters\n", "n = 2\n"]


def shown(make_notebook, *outputs):
    """Return what is unstable in a cell with these outputs."""
    notebook = make_notebook("a = 1", parameters="")
    notebook["cells"][3]["outputs"] = list(outputs)
    return [what for _, what in unstable_outputs(notebook, FOLDERS)]


def test_addresses_and_folders_are_found_wherever_text_is(make_notebook):
    stream = {"output_type": "stream", "name": "stdout", "text": ["fine\n", "<A at 0x7f3a>\n"]}
    data = {"text/plain": "<function f at 0x7FFF12>", "text/html": ["<b>/home/someone/book/a</b>"]}
    result = {"output_type": "execute_result", "data": data, "metadata": {}}
    record = {"application/json": {"path": "/home/someone/book/b"}}
    told = shown(make_notebook, stream, result, {"output_type": "display_data", "data": record})
    assert told == [
        "shows an address in memory: <A at 0x7f3a>",
        "shows an address in memory: <function f at 0x7FFF12>",
        "shows a folder of this machine: <b>/home/someone/book/a</b>",
        'shows a folder of this machine: {"path": "/home/someone/book/b"}',
    ]


def test_ordinary_numbers_are_no_addresses(make_notebook):
    text = "E = 0x12, look at 0x1, array(0.5), /home/someone/else"
    assert shown(make_notebook, {"output_type": "stream", "name": "stdout", "text": text}) == []


def test_the_normal_form_keeps_texts_by_lines_and_letters_as_they_are(make_notebook):
    source = make_notebook("a = 1")
    text = serialise(executed_copy(source, papermill_of(source)))
    assert '"β\\n"' in text
    assert text.endswith("}\n")
    assert serialise(json.loads(text)) == text
