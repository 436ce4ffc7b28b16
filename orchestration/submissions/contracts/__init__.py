"""The datasets that partners file: one contract each, grouped by subject."""
