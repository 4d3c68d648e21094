"""The command line: one module a command group. Heavy imports happen inside the commands, so that help is instant."""
