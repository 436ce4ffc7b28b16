"""Check one file against its contract, and read the data issues that the warehouse found in it later."""
