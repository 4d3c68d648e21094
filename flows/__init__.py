"""Prefect flows over the same functions that `backoffice process` runs. The only package that imports prefect."""
