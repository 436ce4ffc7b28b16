"""Checking one file against its contract, and what the warehouse found in it later."""
