"""Measurements that are no tests: they print figures."""
