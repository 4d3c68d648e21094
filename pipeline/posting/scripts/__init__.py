"""Screen scripts: how each accounting system is worked with, as data."""
