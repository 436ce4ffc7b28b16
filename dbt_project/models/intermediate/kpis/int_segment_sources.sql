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

vessels as (
    select * from {{ ref('int_vessel_particulars') }}
),

leg_sources as (
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

fuel_sources as (
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

-- A stay depends on its own visits and on the legs before and after it.
final as (
    select * from leg_sources
    union
    select * from fuel_sources
    union
    select
        'stay' as segment_type,
        stay_id as segment_id,
        submission_id
    from visit_sources
    where stay_id is not null
    union
    {% for leg in ['arriving_leg_id', 'departing_leg_id'] %}
        select
            'stay' as segment_type,
            stays.stay_id as segment_id,
            leg_sources.submission_id
        from stays
        inner join leg_sources
            on stays.{{ leg }} = leg_sources.segment_id
        {{ 'union' if not loop.last }}
    {% endfor %}
)

select * from final
