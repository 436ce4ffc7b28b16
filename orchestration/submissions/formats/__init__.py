"""One module per file format a partner may file in; each turns bytes into text columns and nothing more."""
