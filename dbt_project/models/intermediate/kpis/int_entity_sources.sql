with

legs as (
    select * from {{ ref('int_legs') }}
),

stays as (
    select * from {{ ref('int_stays') }}
),

visits as (
    select * from {{ ref('int_visits') }}
),

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
),

vessels as (
    select * from {{ ref('int_vessel_particulars') }}
),

voyage_units as (
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

published as (
    select * from {{ ref('int_throughput_current') }}
    where measure = 'total_teu'
),

of_legs as (
    select
        'leg' as segment_type,
        leg_id as segment_id,
        submission_id
    from legs
    union
    select
        'leg' as segment_type,
        legs.leg_id as segment_id,
        vessels.submission_id
    from legs
    inner join vessels
        on legs.vessel_row_id = vessels.vessel_row_id
    union
    select
        'leg' as segment_type,
        leg_id as segment_id,
        nomination_submission_id as submission_id
    from legs
    where is_in_scope
),

of_fuel as (
    select
        segment_type,
        segment_id,
        submission_id
    from fuel_rows
    union
    select
        segment_type,
        segment_id,
        note_submission_id as submission_id
    from fuel_rows
    where note_submission_id is not null
),

of_visits as (
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

-- A stay is what lies between two legs, with the share of the one that arrives where its calls leave it open.
of_units as (
    select * from of_legs
    union
    select * from of_fuel
    union
    select
        'stay' as segment_type,
        stay_id as segment_id,
        submission_id
    from of_visits
    where stay_id is not null
    union
    {% for leg in ['arriving_leg_id', 'departing_leg_id'] %}
        select
            'stay' as segment_type,
            stays.stay_id as segment_id,
            of_legs.submission_id
        from stays
        inner join of_legs
            on stays.{{ leg }} = of_legs.segment_id
        {{ 'union' if not loop.last }}
    {% endfor %}
),

of_entities as (
    select
        segment_type as entity_type,
        segment_id as entity_id,
        submission_id
    from of_units
    union
    select
        'voyage' as entity_type,
        voyage_units.voyage_id as entity_id,
        of_units.submission_id
    from voyage_units
    inner join of_units
        on voyage_units.segment_type = of_units.segment_type and voyage_units.segment_id = of_units.segment_id
    union
    select
        'visit' as entity_type,
        visit_id as entity_id,
        submission_id
    from of_visits
    union
    select
        'visit' as entity_type,
        visits.visit_id as entity_id,
        of_units.submission_id
    from visits
    inner join of_units
        on of_units.segment_type = 'leg' and visits.stay_id = of_units.segment_id
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
    from of_entities
    union all
    select
        'public_figure' as entity_type,
        {{ public_figure_id('port_locode', 'period_grain', 'period_start') }} as entity_id,
        'page' as source_type,
        source_id || ' ' || page || ' of ' || cast(vintage_at as string) as source_key
    from published
)

select * from final
