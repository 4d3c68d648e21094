"""A seeded generator of supplier invoices with exact truth, and a small committed set."""
