"""The kernel that runs a notebook: this very Python, shielded from the machine around it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from edition.files import write_whole

THREADS = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

# Settings of a person or a machine that would change what a notebook shows.
FOREIGN = ("PYTHON", "IPYTHON", "JUPYTER", "JPY_", "MPL", "EDITION_", "LC_", "LANG")

# Reads the list again, and so fails where it could not be written.
LIST_FONTS = """
from pathlib import Path
import matplotlib
from matplotlib import font_manager
for made in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
    font_manager.json_load(made)
"""


def environment(lib: Path, cache: Path, output: Path | None) -> dict[str, str]:
    """Return the environment of a kernel.

    One thread for linear algebra, a fixed hash seed, an empty IPython profile, and
    no setting of the person who happens to run it.

    Parameters
    ----------
    lib : Path
        The folder of the packages.
    cache : Path
        Where the kernel keeps its profile and the list of fonts.
    output : Path or None
        Where figures go; None if they are not kept.

    Returns
    -------
    dict of str to str
    """
    ours = {
        "EDITION_OUTPUT": str(output or ""),
        "IPYTHONDIR": str(cache / "ipython"),
        "JUPYTER_CONFIG_DIR": str(cache / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(cache / "runtime"),
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(lib),
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return inherited | dict.fromkeys(THREADS, "1") | ours


def kernel_class(
    python: str, settings: Mapping[str, str], folder: Path
) -> type[AsyncKernelManager]:
    """Return the manager of kernels that run a given Python in a given environment.

    No kernel specification of the machine is looked up: what the name "python3"
    means elsewhere does not matter.

    Parameters
    ----------
    python : str
        The interpreter.
    settings : mapping of str to str
        Its whole environment.
    folder : Path
        Where its connection file and its log, ``kernel.log``, go.

    Returns
    -------
    type
    """
    spec = KernelSpec(
        argv=[python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
    )

    class Kernel(AsyncKernelManager):
        @property
        def kernel_spec(self):
            return spec

        @default("connection_file")
        def _connection_file(self):
            return str(folder / "connection.json")

        async def start_kernel(self, **options):  # type: ignore[override]
            with (folder / "kernel.log").open("ab") as log:
                options |= {"stdout": log, "stderr": log, "env": dict(settings)}
                await super().start_kernel(**options)

    return Kernel


def list_fonts(python: str, settings: Mapping[str, str], draft: Path) -> None:
    """Make matplotlib's list of fonts, once, before a kernel would do so aloud.

    Parameters
    ----------
    python : str
        The interpreter of the kernels.
    settings : mapping of str to str
        Their environment.
    draft : Path
        A folder that no other process uses.
    """
    kept = Path(settings["MPLCONFIGDIR"])
    if any(kept.glob("fontlist-*.json")):
        return
    # Matplotlib writes to the very place, with a lock that outlives a killed process.
    apart = draft / "fonts"
    command = [python, "-c", LIST_FONTS]
    env = dict(settings) | {"MPLCONFIGDIR": str(apart)}
    run = subprocess.run(command, env=env, capture_output=True, check=False)
    if run.returncode == 0:
        for made in apart.glob("fontlist-*.json"):
            write_whole(kept / made.name, made.read_bytes())
