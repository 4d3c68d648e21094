"""The ledger: what came in, what became of it, and every event on the way."""
