"""How good the work is: evaluation against truth, and reports over the history of the ledger."""
