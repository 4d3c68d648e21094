"""Tryton 8.0 as an accounting system: posted into, and read from, over its JSON-RPC. Nothing of Tryton is imported."""
