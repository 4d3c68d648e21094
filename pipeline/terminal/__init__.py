"""The review desk in a terminal, worked by the keyboard: cli -> terminal -> review."""
