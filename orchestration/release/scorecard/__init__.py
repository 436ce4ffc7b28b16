"""The page the public reads, drawn from the disclosed tables alone."""
