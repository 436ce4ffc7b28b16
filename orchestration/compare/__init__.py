"""Comparisons of releases: two with each other (diff), and one with a rebuild from its inputs (reproduce)."""
