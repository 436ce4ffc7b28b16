-- The public tables: every column with what it means and, in square brackets, its unit ([1] is a share or a ratio).
-- kpi_latest is not here: its columns are the KPIs, so it is made from kpi_definitions.
create schema kpi;

create table kpi.kpi_values (
    kpi_id varchar not null,
    corridor_id varchar not null,
    period_grain varchar not null,
    period_start date not null,
    period_end date not null,
    dimension varchar not null,
    dimension_value varchar not null,
    value double,
    unit varchar not null,
    lower double,
    upper double,
    coverage double,
    primary_data_share double,
    energy_without_factor_share double,
    factor_evidence varchar,
    factor_lag_years integer,
    boundary varchar,
    n_contributors_band varchar,
    status varchar not null,
    method_id varchar not null,
    formula_version integer
);
comment on table kpi.kpi_values is
    'One row per KPI, method, period and dimension value: the figure, its interval and how far to trust it.';
comment on column kpi.kpi_values.kpi_id is 'Which KPI; kpi_definitions has its meaning and formula.';
comment on column kpi.kpi_values.corridor_id is 'Which corridor.';
comment on column kpi.kpi_values.period_grain is 'Length of the period: month, quarter or year.';
comment on column kpi.kpi_values.period_start is
    'First day of the period (UTC; the civil month of the port for terminals and throughput).';
comment on column kpi.kpi_values.period_end is 'Last day of the period.';
comment on column kpi.kpi_values.dimension is
    'What the figure is broken down by: corridor (the whole), direction, port, fuel_type, rating or claim_type.';
comment on column kpi.kpi_values.dimension_value is
    'The part meant: the corridor, outbound or inbound, a UN/LOCODE, a fuel, a rating, a claim.';
comment on column kpi.kpi_values.value is
    'The figure, at 10 significant digits; blank unless status is published or terminal_default. [as column unit]';
comment on column kpi.kpi_values.unit is 'Unit of value, lower and upper.';
comment on column kpi.kpi_values.lower is
    'Lower end of the 95 % interval, on documented assumptions of uncertainty. [as column unit]';
comment on column kpi.kpi_values.upper is
    'Upper end of the 95 % interval, on documented assumptions of uncertainty. [as column unit]';
comment on column kpi.kpi_values.coverage is
    'Share of the expected activity that the figure rests on: complete arrivals, or terminal-months filed. [1]';
comment on column kpi.kpi_values.primary_data_share is
    'Share of the emissions that rests on metered or measured data. [1]';
comment on column kpi.kpi_values.energy_without_factor_share is
    'Share of the energy that has no emission factor under the method; above 0.05 there is no value. [1]';
comment on column kpi.kpi_values.factor_evidence is
    'Weakest evidence among the emission factors that matter: two_sources, one_source, borrowed, unverified.';
comment on column kpi.kpi_values.factor_lag_years is 'Years by which the oldest grid factor lags the period. [years]';
comment on column kpi.kpi_values.boundary is 'What the emissions include, for example well-to-wake.';
comment on column kpi.kpi_values.n_contributors_band is
    'How many holdings contribute: 3-4, 5+, or waived (fewer, whose protection is waived); the number is confidential.';
comment on column kpi.kpi_values.status is
    'published; terminal_default (default terminal figure); suppressed (few contributors); not_computable; no_data.';
comment on column kpi.kpi_values.method_id is 'Rule set and factors the figure was computed with; methods never mix.';
comment on column kpi.kpi_values.formula_version is 'Version of the formula; it rises when the formula changes.';

create table kpi.kpi_definitions (
    corridor_id varchar not null,
    kpi_id varchar not null,
    name varchar not null,
    meaning varchar,
    formula varchar,
    unit varchar not null,
    kind varchar,
    better varchar not null,
    boundary varchar,
    method_ids varchar,
    dimensions varchar,
    period_grains varchar,
    family varchar,
    coverage_basis varchar,
    disclosure varchar not null,
    formula_version integer,
    authority varchar,
    status varchar,
    display_order integer
);
comment on table kpi.kpi_definitions is 'One row per KPI: its name, meaning, formula, unit and who defined it.';
comment on column kpi.kpi_definitions.corridor_id is 'Which corridor.';
comment on column kpi.kpi_definitions.kpi_id is 'The KPI.';
comment on column kpi.kpi_definitions.name is 'Its name in plain words.';
comment on column kpi.kpi_definitions.meaning is 'What it says, in a sentence.';
comment on column kpi.kpi_definitions.formula is 'How it is computed.';
comment on column kpi.kpi_definitions.unit is 'Unit of its values; 1 is a share or a ratio.';
comment on column kpi.kpi_definitions.kind is 'ratio (a ratio of sums) or total (a sum).';
comment on column kpi.kpi_definitions.better is 'Which direction is an improvement: lower, higher or none.';
comment on column kpi.kpi_definitions.boundary is 'What the emissions include.';
comment on column kpi.kpi_definitions.method_ids is
    'Methods it is computed with, the default one first, separated by semicolons.';
comment on column kpi.kpi_definitions.dimensions is 'Breakdowns it is published in, separated by semicolons.';
comment on column kpi.kpi_definitions.period_grains is 'Periods it is published for, separated by semicolons.';
comment on column kpi.kpi_definitions.family is
    'ship, berth, terminal, port_to_port, fleet, cargo or throughput.';
comment on column kpi.kpi_definitions.coverage_basis is
    'What its coverage is a share of: arrivals, terminal_months, vessel_years or none.';
comment on column kpi.kpi_definitions.disclosure is
    'controlled: cells with too few contributors are suppressed; public: figures that are public already.';
comment on column kpi.kpi_definitions.formula_version is 'Version of the formula.';
comment on column kpi.kpi_definitions.authority is 'Who defined the KPI.';
comment on column kpi.kpi_definitions.status is 'Standing of the definition.';
comment on column kpi.kpi_definitions.display_order is 'Its place in tables and pages, the headline first.';

create table kpi.kpi_progress (
    corridor_id varchar not null,
    kpi_id varchar not null,
    method_id varchar,
    authority varchar not null,
    target_status varchar not null,
    baseline_period varchar not null,
    baseline_value double,
    target_year integer not null,
    target_value double,
    period_grain varchar,
    period_start date,
    period_end date,
    value double,
    line_value double,
    unit varchar,
    status varchar
);
comment on table kpi.kpi_progress is
    'One row per target and year: the figure against the straight line from baseline to target.';
comment on column kpi.kpi_progress.corridor_id is 'Which corridor.';
comment on column kpi.kpi_progress.kpi_id is 'The KPI the target is for.';
comment on column kpi.kpi_progress.method_id is 'Method of the figures compared: the default one of the KPI.';
comment on column kpi.kpi_progress.authority is 'Who set the target.';
comment on column kpi.kpi_progress.target_status is
    'commitment (promised by the partners) or reference (a line to compare with).';
comment on column kpi.kpi_progress.baseline_period is 'Period the target counts from.';
comment on column kpi.kpi_progress.baseline_value is
    'Figure of the baseline period; blank if there is none that is public. [as column unit]';
comment on column kpi.kpi_progress.target_year is 'Year by which the target is to be met. [year]';
comment on column kpi.kpi_progress.target_value is
    'Figure to be reached; blank for a reduction from an unknown baseline. [as column unit]';
comment on column kpi.kpi_progress.period_grain is 'Length of the period compared: year.';
comment on column kpi.kpi_progress.period_start is
    'First day of the year compared; blank if no year since the baseline has a row.';
comment on column kpi.kpi_progress.period_end is 'Last day of the year compared.';
comment on column kpi.kpi_progress.value is 'Published figure of the year. [as column unit]';
comment on column kpi.kpi_progress.line_value is
    'Value of the line from baseline to target in that year. [as column unit]';
comment on column kpi.kpi_progress.unit is 'Unit of the figures.';
comment on column kpi.kpi_progress.status is
    'on_track (within 2 % of the line), ahead, behind; no_target if there is no line; blank if there is no figure.';

create table kpi.kpi_milestones (
    corridor_id varchar not null,
    milestone varchar not null,
    due_year integer not null,
    kpi_id varchar,
    at_least double,
    unit varchar,
    reached_in integer,
    value double,
    status varchar not null,
    authority varchar not null,
    source varchar not null
);
comment on table kpi.kpi_milestones is 'One row per dated promise and the published figure that speaks for it.';
comment on column kpi.kpi_milestones.corridor_id is 'Which corridor.';
comment on column kpi.kpi_milestones.milestone is 'What was promised.';
comment on column kpi.kpi_milestones.due_year is 'Year by whose end it is due. [year]';
comment on column kpi.kpi_milestones.kpi_id is 'The KPI that measures it; blank if none does.';
comment on column kpi.kpi_milestones.at_least is 'What the KPI must reach in a year; blank without a KPI. [as column unit]';
comment on column kpi.kpi_milestones.unit is 'Unit of the figures; blank without a KPI.';
comment on column kpi.kpi_milestones.reached_in is 'First year whose published figure reaches it; blank if none does. [year]';
comment on column kpi.kpi_milestones.value is
    'Published figure of that year, else of the newest; blank if there is none. [as column unit]';
comment on column kpi.kpi_milestones.status is
    'reached, reached_late (after the year due), pending, not_reached; unknown if no published figure can tell.';
comment on column kpi.kpi_milestones.authority is 'Who promised it.';
comment on column kpi.kpi_milestones.source is 'Where the promise can be read.';

create table kpi.port_throughput_monthly (
    corridor_id varchar not null,
    month date not null,
    port_locode varchar not null,
    port_name varchar not null,
    loaded_imports_teu decimal(14, 2),
    empty_imports_teu decimal(14, 2),
    total_imports_teu decimal(14, 2),
    loaded_exports_teu decimal(14, 2),
    empty_exports_teu decimal(14, 2),
    total_exports_teu decimal(14, 2),
    total_empty_teu decimal(14, 2),
    total_teu decimal(14, 2),
    precision varchar,
    source varchar,
    citation varchar,
    status varchar not null,
    vintage timestamp,
    corrected varchar,
    share_of_side double,
    change_on_year double,
    trailing_12_months_teu decimal(18, 2),
    total_teu_before_revision decimal(14, 2),
    revised_at timestamp,
    failed_checks varchar
);
comment on table kpi.port_throughput_monthly is
    'One row per port and month: containers handled by the whole port, as the public source states them, or blank.';
comment on column kpi.port_throughput_monthly.corridor_id is 'Which corridor.';
comment on column kpi.port_throughput_monthly.month is 'First day of the civil month of the port.';
comment on column kpi.port_throughput_monthly.port_locode is 'UN/LOCODE of the port.';
comment on column kpi.port_throughput_monthly.port_name is 'Name of the port.';
comment on column kpi.port_throughput_monthly.loaded_imports_teu is 'Loaded imports. [TEU]';
comment on column kpi.port_throughput_monthly.empty_imports_teu is 'Empty imports. [TEU]';
comment on column kpi.port_throughput_monthly.total_imports_teu is 'All imports. [TEU]';
comment on column kpi.port_throughput_monthly.loaded_exports_teu is 'Loaded exports. [TEU]';
comment on column kpi.port_throughput_monthly.empty_exports_teu is 'Empty exports. [TEU]';
comment on column kpi.port_throughput_monthly.total_exports_teu is 'All exports. [TEU]';
comment on column kpi.port_throughput_monthly.total_empty_teu is 'All empty containers. [TEU]';
comment on column kpi.port_throughput_monthly.total_teu is 'All containers. [TEU]';
comment on column kpi.port_throughput_monthly.precision is
    'Weakest precision among the figures of the row: hundredth, whole, rounded or derived.';
comment on column kpi.port_throughput_monthly.source is
    'Public source the figures were read from; several are separated by semicolons.';
comment on column kpi.port_throughput_monthly.citation is 'Where the source states them.';
comment on column kpi.port_throughput_monthly.status is
    'preliminary or final; not_published where the month was due and nobody has published it.';
comment on column kpi.port_throughput_monthly.vintage is 'When the newest of the figures was read. [UTC]';
comment on column kpi.port_throughput_monthly.corrected is
    'Measures whose published figure is wrong, and is corrected or left blank here; separated by semicolons.';
comment on column kpi.port_throughput_monthly.share_of_side is
    'Share of the total of the corridor''s ports on the same side; blank unless each has published. [1]';
comment on column kpi.port_throughput_monthly.change_on_year is
    'Change of total_teu from the same month a year before, over that; blank unless both are known. [1]';
comment on column kpi.port_throughput_monthly.trailing_12_months_teu is
    'All containers of this month and the eleven before; blank unless all twelve are known. [TEU]';
comment on column kpi.port_throughput_monthly.total_teu_before_revision is
    'What the source had said of total_teu before its newest revision; blank if it has not revised it. [TEU]';
comment on column kpi.port_throughput_monthly.revised_at is 'When that revision was first read. [UTC]';
comment on column kpi.port_throughput_monthly.failed_checks is
    'Checks in which public figures of the month contradict each other (check_results); blank if none does.';
