"""Settings that all tests share."""

from hypothesis import settings

# The same examples on every run and every machine, and no assertion on time.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
