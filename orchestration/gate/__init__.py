"""The release gate: suites as data, the run of Great Expectations, the verdict."""
