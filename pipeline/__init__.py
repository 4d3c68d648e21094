"""The work: intake, read, extract, validate, route, store, review, post, measure. Prefect is not known here."""

__version__ = "0.1.0"

VERSIONS = {"backoffice": __version__}
"""What a draft says of the code that made it."""
