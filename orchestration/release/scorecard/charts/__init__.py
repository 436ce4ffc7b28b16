"""The charts of the scorecard: one module per chart, listed in `registry.py` in the order of the page."""
