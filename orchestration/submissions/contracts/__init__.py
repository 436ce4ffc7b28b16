"""The datasets partners file, one contract each, gathered by subject."""
