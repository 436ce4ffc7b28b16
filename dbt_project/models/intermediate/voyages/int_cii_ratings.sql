with

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope and arrival_date is not null
),

annual as (
    select * from {{ ref('int_current_vessel_annual') }}
),

fuel_types as (
    select * from {{ ref('fuel_types') }}
),

imo_cf as (
    select * from {{ ref('imo_cf') }}
),

vessels as (
    select * from {{ ref('int_vessel_particulars') }}
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

parameters as (
    select
        max(case parameter when 'a' then cast(value as double) end) as a,
        max(case parameter when 'c' then cast(value as double) end) as c,
        max(case parameter when 'exp_d1' then cast(value as double) end) as worst_a,
        max(case parameter when 'exp_d2' then cast(value as double) end) as worst_b,
        max(case parameter when 'exp_d3' then cast(value as double) end) as worst_c,
        max(case parameter when 'exp_d4' then cast(value as double) end) as worst_d
    from {{ ref('cii_container') }}
    where parameter in ('a', 'c', 'exp_d1', 'exp_d2', 'exp_d3', 'exp_d4')
),

reductions as (
    select * from {{ ref('cii_reduction_factors') }}
),

in_scope as (
    select distinct
        imo_number,
        cast(extract(year from arrival_date) as int) as year
    from legs
),

burned as (
    select
        annual.imo_number,
        annual.year,
        min(annual.partner_id) as partner_id,
        case
            when count(*) = count(annual.mass_t * imo_cf.cf_tco2_per_t)
                then {{ exact_sum('annual.mass_t * imo_cf.cf_tco2_per_t') }}
        end as co2_t,
        case
            when count(*) = count(annual.distance_nm) and min(annual.distance_nm) = max(annual.distance_nm)
                then max(annual.distance_nm)
        end as distance_nm
    from annual
    left join fuel_types
        on annual.fuel_type = fuel_types.fuel_type
    left join imo_cf
        on fuel_types.imo_cf_code = imo_cf.fuel_code
    group by annual.imo_number, annual.year
),

vessel_years as (
    select
        in_scope.imo_number,
        in_scope.year,
        burned.partner_id,
        partners.holding_id,
        vessels.vessel_row_id,
        vessels.dwt_t,
        burned.co2_t,
        burned.distance_nm,
        reductions.z_pct,
        burned.imo_number is not null as is_filed
    from in_scope
    left join burned
        on in_scope.imo_number = burned.imo_number and in_scope.year = burned.year
    left join partners
        on burned.partner_id = partners.partner_id
    left join vessels
        on
            burned.partner_id = vessels.partner_id
            and in_scope.imo_number = vessels.imo_number
            and {{ year_end('in_scope.year') }} >= vessels.valid_from
            and (vessels.valid_before is null or {{ year_end('in_scope.year') }} < vessels.valid_before)
    left join reductions
        on in_scope.year = reductions.year
),

computed as (
    select
        vessel_years.*,
        case
            when vessel_years.dwt_t > 0 and vessel_years.distance_nm > 0
                then vessel_years.co2_t * 1e6 / (vessel_years.dwt_t * vessel_years.distance_nm)
        end as attained_g_per_dwt_nm,
        case
            when vessel_years.dwt_t > 0
                then (1 - vessel_years.z_pct / 100.0) * parameters.a * power(vessel_years.dwt_t, -parameters.c)
        end as required_g_per_dwt_nm,
        parameters.worst_a,
        parameters.worst_b,
        parameters.worst_c,
        parameters.worst_d
    from vessel_years
    cross join parameters
),

compared as (
    select
        *,
        attained_g_per_dwt_nm / nullif(required_g_per_dwt_nm, 0) as ratio
    from computed
),

final as (
    select
        imo_number,
        year,
        partner_id,
        holding_id,
        vessel_row_id,
        dwt_t,
        co2_t,
        distance_nm,
        attained_g_per_dwt_nm,
        required_g_per_dwt_nm,
        ratio,
        case
            when ratio < worst_a then 'A'
            when ratio < worst_b then 'B'
            when ratio < worst_c then 'C'
            when ratio < worst_d then 'D'
            when ratio is not null then 'E'
        end as rating,
        case
            when ratio is not null then null
            when not is_filed then 'no vessel_annual filed'
            when co2_t is null then 'a fuel without Cf or mass'
            when coalesce(distance_nm, 0) <= 0 then 'no single distance above zero'
            when coalesce(dwt_t, 0) <= 0 then 'no deadweight valid on 31 December'
            else 'no reduction factor for the year'
        end as not_rated_because
    from compared
)

select * from final
