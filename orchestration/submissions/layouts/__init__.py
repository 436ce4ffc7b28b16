"""How files spell datasets when they do not use our own columns: one module per industry layout, and their list."""
