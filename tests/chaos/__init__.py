"""Runs that are killed, starved or locked out: what they leave behind must be whole, and the next run must finish."""
