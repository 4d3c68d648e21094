"""The house: clients, users and their rights, sessions, and the proof of the audit trail."""
