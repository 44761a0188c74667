"""The tests, as a package: ``python -m tests.floors`` and the helpers in ``tests.support`` are reached by name."""
