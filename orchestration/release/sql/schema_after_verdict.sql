-- The public tables that are filled after the gate's verdict; what a description holds is said in schema_gated.sql.
create table kpi.releases (
    corridor_id varchar not null,
    release_id varchar not null,
    corridor_name varchar not null,
    contact varchar,
    sample boolean not null,
    as_of date not null,
    published_at timestamp not null,
    code_version varchar not null,
    withdrawn_at timestamp,
    withdrawal_reason varchar
);
comment on table kpi.releases is 'One row per release up to this one, the newest last.';
comment on column kpi.releases.corridor_id is 'Which corridor.';
comment on column kpi.releases.release_id is 'The release: its as-of date and a running number; never used twice.';
comment on column kpi.releases.corridor_name is 'Name of the corridor.';
comment on column kpi.releases.contact is 'Whom to ask.';
comment on column kpi.releases.sample is 'True if made from sample data: fictional partners, ships and voyages.';
comment on column kpi.releases.as_of is 'Day up to which the release knows anything.';
comment on column kpi.releases.published_at is 'Moment of publication, by the clock of the run. [UTC]';
comment on column kpi.releases.code_version is 'Version of the code that computed it.';
comment on column kpi.releases.withdrawn_at is
    'Moment at which it was taken back, so that its figures must not be used; blank if it was not. [UTC]';
comment on column kpi.releases.withdrawal_reason is 'Why it was taken back; blank if it was not.';

create table kpi.release_changes (
    corridor_id varchar not null,
    release_id varchar not null,
    previous_release_id varchar not null,
    kpi_id varchar not null,
    method_id varchar not null,
    period_grain varchar not null,
    period_start date not null,
    dimension varchar not null,
    dimension_value varchar not null,
    change varchar not null,
    old_status varchar,
    new_status varchar,
    old_value double,
    new_value double,
    difference double,
    unit varchar not null
);
comment on table kpi.release_changes is
    'One row per figure of kpi_values that differs from the release before in value or status; empty for the first.';
comment on column kpi.release_changes.corridor_id is 'Which corridor.';
comment on column kpi.release_changes.release_id is 'This release.';
comment on column kpi.release_changes.previous_release_id is 'The release compared with.';
comment on column kpi.release_changes.kpi_id is 'The KPI.';
comment on column kpi.release_changes.method_id is 'The method.';
comment on column kpi.release_changes.period_grain is 'Length of the period.';
comment on column kpi.release_changes.period_start is 'First day of the period.';
comment on column kpi.release_changes.dimension is 'What the figure is broken down by.';
comment on column kpi.release_changes.dimension_value is 'The part meant.';
comment on column kpi.release_changes.change is
    'added, changed, suppressed (no longer publishable), withdrawn (no longer there), status (the value stays as it was).';
comment on column kpi.release_changes.old_status is
    'Status in the release before, as in kpi_values; blank if it had no such row.';
comment on column kpi.release_changes.new_status is
    'Status in this release, as in kpi_values; blank if it has no such row.';
comment on column kpi.release_changes.old_value is
    'Figure of the release before; blank if it had none, and when suppressed. [as column unit]';
comment on column kpi.release_changes.new_value is
    'Figure of this release; blank if it has none. [as column unit]';
comment on column kpi.release_changes.difference is
    'New minus old; blank unless changed, and where the unit is another. [as column unit]';
comment on column kpi.release_changes.unit is 'Unit of the figures.';

create table kpi.check_results (
    corridor_id varchar not null,
    release_id varchar not null,
    layer varchar not null,
    check_name varchar not null,
    target varchar,
    severity varchar not null,
    verdict varchar not null,
    observed varchar,
    expected varchar,
    failing_count bigint,
    message varchar
);
comment on table kpi.check_results is 'One row per check of this release that can be shown without naming anybody.';
comment on column kpi.check_results.corridor_id is 'Which corridor.';
comment on column kpi.check_results.release_id is 'The release checked.';
comment on column kpi.check_results.layer is 'The layer of the check: warehouse or gate.';
comment on column kpi.check_results.check_name is 'What must hold.';
comment on column kpi.check_results.target is 'What was looked at.';
comment on column kpi.check_results.severity is 'At the gate block, warn or info; in the warehouse error or warning.';
comment on column kpi.check_results.verdict is
    'passed, failed, approved (failed, and published by a decision) or errored (it could not be run: not a pass).';
comment on column kpi.check_results.observed is 'What was found.';
comment on column kpi.check_results.expected is 'What was expected.';
comment on column kpi.check_results.failing_count is 'Rows that failed. [rows]';
comment on column kpi.check_results.message is 'What it means.';
