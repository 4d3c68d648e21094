"""A robot that works in an accounting system through its screens, as a clerk does, by a declarative script."""
