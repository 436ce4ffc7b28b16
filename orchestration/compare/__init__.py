"""Releases held against what their recorded inputs give, and against each other: reproduce and diff."""
