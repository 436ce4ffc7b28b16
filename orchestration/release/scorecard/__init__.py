"""The scorecard: the page for the public, made from the disclosed tables alone."""
