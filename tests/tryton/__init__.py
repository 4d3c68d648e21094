"""A Tryton server with a demo company, for demonstrations and tests: `python -m tests.tryton up`."""
