"""File formats: one module each, which turns bytes into columns of text and does nothing else."""
