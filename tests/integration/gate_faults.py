"""What can be wrong with a candidate: each fault as SQL on its public file, and the check that has to see it."""

BANDS = "contributor_bands_are_as_counted"
RESTS_ON_THREE = "published_cells_rest_on_three_holdings_or_waivers"

FAULTS = {
    "NaN": ("update kpi.kpi_values set value = 'nan' where value = 79.0", "kpi_figures_are_finite"),
    "infinite interval": ("update kpi.kpi_values set upper = 'inf' where value = 79.0", "kpi_figures_are_finite"),
    "infinite value": (
        "update kpi.kpi_values set value = 'inf' where value = 79.0",
        "emissions_per_teu_km_are_physical",
    ),
    "grams as kilograms": (
        "update kpi.kpi_values set value = 0.079 where value = 79.0",
        "emissions_per_teu_km_are_physical",
    ),
    "share in percent": ("update kpi.kpi_values set value = 66 where value = 0.66", "shares_are_between_0_and_1"),
    "cell twice": ("insert into kpi.kpi_values from kpi.kpi_values where value = 79.0", "kpi_values_keys_are_unique"),
    "KPI vanished": ("delete from kpi.kpi_values where kpi_id = 'shore_power_use'", "kpi_grid_is_complete"),
    "year of a KPI vanished": ("delete from kpi.kpi_values where value = 0.61", "kpi_grid_is_complete"),
    "cell lost": ("delete from kpi.kpi_values where status = 'suppressed'", "kpi_values_are_the_cells_of_fct_kpi"),
    "suppressed value shown": (
        "update kpi.kpi_values set value = 0.5 where status = 'suppressed'",
        "unpublished_rows_have_no_figures",
    ),
    "suppressed coverage shown": (
        "update kpi.kpi_values set coverage = 0.5 where status = 'suppressed'",
        "unpublished_rows_have_no_figures",
    ),
    "published without value": (
        "update kpi.kpi_values set value = null where value = 0.66",
        "published_rows_have_a_value",
    ),
    "no band": (
        "update kpi.kpi_values set n_contributors_band = null where value = 0.66",
        BANDS,
    ),
    "waived without need": (
        "update kpi.kpi_values set n_contributors_band = 'waived' where value = 0.66",
        BANDS,
    ),
    "interval beside its value": (
        "update kpi.kpi_values set lower = 80 where value = 79.0",
        "values_are_not_below_their_interval",
    ),
    "unknown unit": ("update kpi.kpi_values set unit = 'kg/TEU-mile' where value = 79.0", "kpi_units_are_known"),
    "half a year": (
        "update kpi.kpi_values set period_end = '2025-06-30' where value = 79.0",
        "kpi_periods_are_months_quarters_or_years",
    ),
    "column missing": (
        "alter table kpi.kpi_values drop column coverage",
        "kpi_values_has_the_columns_of_its_contract",
    ),
    "no headline": (
        "update kpi.kpi_values set status = 'no_data', value = null, lower = null, upper = null where lower > 1",
        "headline_is_published_for_a_year",
    ),
    "Shanghai misread": (
        "update kpi.port_throughput_monthly set total_teu = 410000 where month = '2024-02-01'",
        "port_throughput_is_within_the_ports_range",
    ),
    "negative boxes": (
        "update kpi.port_throughput_monthly set empty_exports_teu = -1 where month = '2024-02-01'",
        "port_throughput_is_not_negative",
    ),
    "another type": (
        "alter table kpi.kpi_progress alter column value set data type varchar",
        "tables_have_the_columns_of_their_contract",
    ),
    "NaN in a mart's copy": (
        "insert into kpi.kpi_progress by name select 'LA-SHA' as corridor_id, 'shore_power_use' as kpi_id, 'a' as "
        "authority, 'reference' as target_status, '2024' as baseline_period, 2030 as target_year, "
        "'nan'::double as line_value",
        "every_figure_of_every_table_is_finite",
    ),
    "restated by a third": (
        "update kpi.kpi_values set value = 108.0, upper = 110 where value = 81.5",
        "published_values_are_not_restated",
    ),
    "a port's month restated": (
        "update kpi.port_throughput_monthly set total_teu = 5.1e6 where month = '2024-02-01'",
        "port_throughput_is_not_restated",
    ),
    "definitions lost": (
        "delete from kpi.kpi_definitions where kpi_id = 'port_throughput_teu'",
        "tables_have_not_lost_rows",
    ),
    "two holdings": (
        "update kpi.kpi_values set status = 'published', value = 0.5, n_contributors_band = '3-4' "
        "where status = 'suppressed'",
        RESTS_ON_THREE,
    ),
    "KPI not in the wide table": (
        "update kpi.kpi_definitions set dimensions = 'corridor' where kpi_id = 'shore_power_use'",
        "kpi_latest_has_a_column_for_every_kpi",
    ),
    "table nobody checks": ("create table kpi.partners as select 1 as a", "public_file_holds_only_known_tables"),
}
