with

segments as (
    select * from {{ ref('int_segments') }}
),

methods as (
    select * from {{ ref('methods') }}
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
),

summed as (
    select
        segment_type,
        segment_id,
        method_id,
        sum(case when lacks_a_factor then 1 else 0 end) as rows_without_factor,
        sum(case when lacks_a_mass then 1 else 0 end) as rows_without_mass,
        sum(case when ttw_t is null then 1 else 0 end) as rows_without_ttw,
        sum(case when wtt_t is null then 1 else 0 end) as rows_without_wtt,
        {{ exact_sum('ttw_t') }} as ttw_t,
        {{ exact_sum('wtt_t') }} as wtt_t,
        {{ exact_sum('wtw_t') }} as wtw_t,
        {{ exact_sum('energy_mj') }} as energy_mj,
        {{ exact_sum('biogenic_co2_t') }} as biogenic_co2_t
    from emission_rows
    group by segment_type, segment_id, method_id
),

final as (
    select
        segments.segment_type,
        segments.segment_id,
        methods.method_id,
        segments.imo_number,
        segments.leg_number,
        segments.holding_id,
        segments.partner_id,
        segments.arrival_date,
        segments.is_in_scope,
        segments.has_complete_activity and coalesce(summed.rows_without_mass, 0) = 0 as is_complete_but_for_factors,
        segments.has_complete_activity
        and coalesce(summed.rows_without_mass, 0) = 0
        and coalesce(summed.rows_without_factor, 0) = 0 as is_complete,
        case when summed.rows_without_mass = 0 and summed.rows_without_ttw = 0 then summed.ttw_t end as ttw_t,
        case
            when summed.rows_without_mass = 0 and summed.rows_without_wtt = 0 then summed.wtt_t
        end as wtt_t,
        case
            when summed.rows_without_mass = 0 and summed.rows_without_factor = 0 then summed.wtw_t
        end as wtw_t,
        summed.energy_mj,
        summed.biogenic_co2_t
    from segments
    cross join methods
    left join summed
        on
            segments.segment_type = summed.segment_type
            and segments.segment_id = summed.segment_id
            and methods.method_id = summed.method_id
)

select * from final
