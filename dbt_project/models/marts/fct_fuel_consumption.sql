with

fuel_rows as (
    select * from {{ ref('int_fuel_rows') }}
),

final as (
    select
        fuel_row_id,
        segment_type,
        segment_id,
        imo_number,
        consumer,
        fuel_type,
        bdn_number,
        engine_type,
        mass_t,
        activity_class,
        certified_share,
        submission_id
    from fuel_rows
)

select * from final
