with

corrections as (
    select * from {{ ref('throughput_corrections') }}
),

observations as (
    select * from {{ ref('stg_throughput__observations') }}
),

by_source as (
    select * from {{ ref('int_throughput_by_source') }}
),

kinds as (
    select distinct
        source_id,
        kind
    from {{ ref('stg_corridor__sources') }}
),

observed as (
    select
        kinds.source_id,
        corrections.port_locode,
        corrections.period_grain,
        corrections.period_start,
        corrections.measure,
        corrections.wrong_teu,
        {{ dbt.bool_or('observations.teu = corrections.wrong_teu') }} as was_observed
    from corrections
    inner join kinds
        on corrections.source_kind = kinds.kind
    inner join observations
        on
            kinds.source_id = observations.source_id
            and corrections.port_locode = observations.port_locode
            and corrections.period_grain = observations.period_grain
            and corrections.period_start = observations.period_start
            and corrections.measure = observations.measure
    where observations.teu is not null
    group by
        kinds.source_id, corrections.port_locode, corrections.period_grain, corrections.period_start,
        corrections.measure, corrections.wrong_teu
),

-- A source that has published the wrong figure, or publishes another one now, must still be compared with it.
final as (
    select
        observed.source_id,
        observed.port_locode,
        observed.period_grain,
        observed.period_start,
        observed.measure,
        observed.wrong_teu,
        by_source.source_teu,
        coalesce(by_source.is_corrected, false) as is_corrected
    from observed
    left join by_source
        on
            observed.source_id = by_source.source_id
            and observed.port_locode = by_source.port_locode
            and observed.period_grain = by_source.period_grain
            and observed.period_start = by_source.period_start
            and observed.measure = by_source.measure
    where by_source.source_teu is not null or observed.was_observed
)

select * from final
