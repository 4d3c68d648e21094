"""The desk: people decide what the machine doubts."""
