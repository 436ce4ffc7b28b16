"""Public port statistics: one module per source, each locating and parsing its own pages."""
