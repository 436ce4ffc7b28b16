"""Public sources of port statistics: one module per source, and what they share."""
