with

visits as (
    select * from {{ ref('int_visits') }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
),

vessels as (
    select * from {{ ref('int_vessel_particulars') }}
),

voyage_segments as (
    select * from {{ ref('int_voyage_segments') }}
),

terminal_energy as (
    select * from {{ ref('int_terminal_energy') }}
),

terminal_activity as (
    select * from {{ ref('int_current_terminal_activity') }}
),

ratings as (
    select * from {{ ref('int_cii_ratings') }}
),

vessel_annual as (
    select * from {{ ref('int_current_vessel_annual') }}
),

contracts as (
    select * from {{ ref('int_current_cargo_contracts') }}
),

segment_sources as (
    select * from {{ ref('int_segment_sources') }}
),

published as (
    select * from {{ ref('int_throughput_current') }}
    where measure = 'total_teu'
),

visit_sources as (
    select
        visit_id,
        stay_id,
        submission_id
    from visits
    union
    select
        visit_id,
        stay_id,
        carrier_submission_id as submission_id
    from visits
),

entity_sources as (
    select
        segment_type as entity_type,
        segment_id as entity_id,
        submission_id
    from segment_sources
    union
    select
        'voyage' as entity_type,
        voyage_segments.voyage_id as entity_id,
        segment_sources.submission_id
    from voyage_segments
    inner join segment_sources
        on
            voyage_segments.segment_type = segment_sources.segment_type
            and voyage_segments.segment_id = segment_sources.segment_id
    union
    select
        'visit' as entity_type,
        visit_id as entity_id,
        submission_id
    from visit_sources
    union
    select
        'visit' as entity_type,
        visits.visit_id as entity_id,
        segment_sources.submission_id
    from visits
    inner join segment_sources
        on segment_sources.segment_type = 'leg' and visits.stay_id = segment_sources.segment_id
    union
    select
        'terminal_month' as entity_type,
        {{ terminal_month_id('terminal_code', 'month') }} as entity_id,
        submission_id
    from terminal_energy
    union
    select
        'terminal_month' as entity_type,
        {{ terminal_month_id('terminal_code', 'month') }} as entity_id,
        submission_id
    from terminal_activity
    union
    select
        'delivery_note' as entity_type,
        filed_row_id as entity_id,
        submission_id
    from notes
    union
    select
        'vessel' as entity_type,
        imo_number as entity_id,
        submission_id
    from vessels
    union
    select
        'vessel_year' as entity_type,
        {{ vessel_year_id('imo_number', 'year') }} as entity_id,
        submission_id
    from vessel_annual
    union
    select
        'vessel_year' as entity_type,
        {{ vessel_year_id('ratings.imo_number', 'ratings.year') }} as entity_id,
        vessels.submission_id
    from ratings
    inner join vessels
        on ratings.vessel_row_id = vessels.vessel_row_id
    union
    select
        'contract' as entity_type,
        filed_row_id as entity_id,
        submission_id
    from contracts
),

final as (
    select
        entity_type,
        entity_id,
        'submission' as source_type,
        submission_id as source_key
    from entity_sources
    union all
    select
        'public_figure' as entity_type,
        {{ public_figure_id('port_locode', 'period_grain', 'period_start') }} as entity_id,
        'page' as source_type,
        source_id || ' ' || page || ' of ' || cast(vintage_at as string) as source_key
    from published
)

select * from final
