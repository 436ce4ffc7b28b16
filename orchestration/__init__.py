"""Everything that touches the outside world: files in, pages fetched, dbt run, the gate, the release."""
