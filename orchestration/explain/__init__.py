"""`corridor explain`: what is behind a KPI of the current release, for those who may see it."""
