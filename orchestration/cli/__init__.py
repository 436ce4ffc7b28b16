"""The command line: commands, what a terminal shows, and a run without a daemon."""
