"""For every test of a mutant, where this file is `conftest.py`: fresh caches, and an end to endless loops."""

import os
import signal
import sys

import pytest

SECONDS = 10  # of the processor, not of the clock: a busy machine kills no mutant
TIMEOUT = 36  # what mutmut calls a timeout


@pytest.fixture(autouse=True)
def _each_test():
    for name, module in list(sys.modules.items()):
        if name.startswith("spinbath."):
            for function in list(vars(module).values()):
                if hasattr(function, "cache_clear"):
                    function.cache_clear()
    signal.signal(signal.SIGPROF, lambda *_: os._exit(TIMEOUT))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
