"""Settings that all tests share."""

import signal

from hypothesis import settings

# The same examples on every run and every machine, and no assertion on time.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_configure():
    """Let tests interrupt what they start, even if a shell started them in the background.

    Such a shell has its children ignore interrupts, and theirs do, too.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
