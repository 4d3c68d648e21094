"""The back office as a queueing system: what if more arrives, what if fewer people work. The one home of simpy."""
