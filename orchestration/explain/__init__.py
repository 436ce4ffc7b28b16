"""`corridor explain`: how a KPI cell of the current release came about, for readers who may see partners' data."""
