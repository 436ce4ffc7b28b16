"""Dagster's side: assets, checks, resources, schedules, sensors and jobs."""
