"""The release gate: checks as data, their run with Great Expectations, and the decision."""
