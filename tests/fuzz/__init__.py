"""Files mutated by the thousand, and those that once failed."""
