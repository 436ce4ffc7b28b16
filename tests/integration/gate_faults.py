"""Faults of a candidate: SQL that plants each one, and the check that must fail."""

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
    "no unit": (
        "alter table kpi.kpi_values alter unit drop not null; update kpi.kpi_values set unit = null where value = 0.66",
        "kpi_values_keys_are_filled",
    ),
    "unknown status": ("update kpi.kpi_values set status = 'likely' where value = 0.66", "kpi_statuses_are_known"),
    "value beside its interval": (
        "update kpi.kpi_values set upper = 78 where value = 79.0",
        "values_are_not_above_their_interval",
    ),
    "negative coverage": ("update kpi.kpi_values set coverage = -0.1 where value = 79.0", "coverage_is_not_negative"),
    "coverage below the last floor": (
        "update kpi.kpi_values set coverage = -0.1 where value = 79.0",
        "yearly_coverage_is_above_the_last_floor",
    ),
    "more than all is measured": (
        "update kpi.kpi_values set primary_data_share = 1.2 where value = 79.0",
        "primary_data_share_is_a_share",
    ),
    "more than all has no factor": (
        "update kpi.kpi_values set energy_without_factor_share = 1.2 where value = 79.0",
        "energy_without_factor_share_is_a_share",
    ),
    "unknown grade": (
        "update kpi.kpi_values set factor_evidence = 'certain' where value = 79.0",
        "factor_evidence_is_a_grade",
    ),
    "tonnes as kilograms": (
        "update kpi.kpi_values set unit = 'g/t-nm', value = 11000 where value = 0.66",
        "emissions_per_tonne_mile_are_physical",
    ),
    "grams per kWh": (
        "update kpi.kpi_values set unit = 'g/MJ', value = 330 where value = 0.66",
        "emissions_per_energy_are_physical",
    ),
    "grams per TEU": ("update kpi.kpi_values set value = 9000 where value = 9.0", "emissions_per_teu_are_physical"),
    "watt-hours": (
        "update kpi.kpi_values set unit = 'kWh/TEU', value = 6000 where value = 0.66",
        "electricity_per_teu_is_physical",
    ),
    "kilograms per call": (
        "update kpi.kpi_values set unit = 't/call', value = 108000 where value = 0.66",
        "emissions_per_call_are_physical",
    ),
    "negative total": ("update kpi.kpi_values set value = -1 where unit = 'TEU'", "totals_are_not_negative"),
    "KPI nobody defined": (
        "update kpi.kpi_values set kpi_id = 'wishes' where kpi_id = 'port_throughput_teu'",
        "kpis_are_defined",
    ),
    "definition twice": (
        "insert into kpi.kpi_definitions from kpi.kpi_definitions where kpi_id = 'shore_power_use'",
        "kpi_definitions_keys_are_unique",
    ),
    "no definition": ("delete from kpi.kpi_definitions", "kpi_definitions_is_not_empty"),
    "wide table empty": ("delete from kpi.kpi_latest", "kpi_latest_is_not_empty"),
    "target of an unknown KPI": (
        "insert into kpi.kpi_progress by name select 'LA-SHA' as corridor_id, 'wishes' as kpi_id, 'a' as authority, "
        "'reference' as target_status, '2024' as baseline_period, 2030 as target_year",
        "progress_is_of_defined_kpis",
    ),
    "milestone measured by an unknown KPI": (
        "insert into kpi.kpi_milestones by name select 'LA-SHA' as corridor_id, 'a ship' as milestone, "
        "2025 as due_year, 'wishes' as kpi_id, 'unknown' as status, 'a' as authority, 'b' as source",
        "milestones_are_measured_by_defined_kpis",
    ),
    "port's month twice": (
        "insert into kpi.port_throughput_monthly from kpi.port_throughput_monthly where month = '2024-02-01'",
        "port_throughput_keys_are_unique",
    ),
}

# The same on the marts of its analysts' file.
FAULTS_OF_MARTS = {
    "nothing computed": ("delete from marts.fct_kpi", "fct_kpi_is_not_empty"),
    "cell computed twice": (
        "insert into marts.fct_kpi from marts.fct_kpi where value = 79.0",
        "fct_kpi_keys_are_unique",
    ),
    "no voyage": ("delete from marts.fct_voyages", "fct_voyages_is_not_empty"),
    "a month's voyages gone": (
        "delete from marts.fct_voyages where voyage_id = 'v2025'",
        "months_are_not_emptier_than_in_the_last_release",
    ),
}

# What is told and stops nothing, on either file.
WARNINGS = {
    "few arrivals": (
        "update kpi.kpi_values set coverage = 0.4 where value = 79.0",
        "yearly_coverage_is_above_the_floor",
    ),
    "more arrivals than expected": (
        "update kpi.kpi_values set coverage = 1.2 where value = 79.0",
        "coverage_is_at_most_1_1",
    ),
    "figure withdrawn": (
        "update kpi.kpi_values set status = 'not_computable', value = null where value = 0.66",
        "published_figures_are_not_withdrawn",
    ),
    "years without a figure": (
        "update kpi.kpi_values set status = 'not_computable', value = null where value in (0.61, 0.66)",
        "years_without_a_figure_are_few",
    ),
    "all figures moved": (
        "update kpi.kpi_values set value = value + 0.2 where value in (0.61, 0.66)",
        "kpis_are_distributed_as_before",
    ),
}
WARNINGS_OF_MARTS = {
    "sources that contradict each other": (
        "update marts.fct_port_throughput_comparisons set teu = 4.2e6, agrees = false",
        "public_figures_agree",
    ),
    "emptier than a year before": (
        "update marts.fct_voyages set delivered_utc = timestamp '2025-06-01' where voyage_id = 'v2025'",
        "months_are_not_emptier_than_a_year_before",
    ),
}
