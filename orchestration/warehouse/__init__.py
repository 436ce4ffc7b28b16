"""dbt as Dagster assets: how dbt is called, and what its results mean."""
