with

deliveries as (
    select * from {{ ref('int_current_bunker_deliveries') }}
),

consumption as (
    select * from {{ ref('int_current_fuel_consumption') }}
),

consumed as (
    select
        partner_id,
        bdn_number,
        fuel_type,
        {{ exact_sum('mass_t') }} as consumed_mass_t
    from consumption
    where bdn_number is not null
    group by partner_id, bdn_number, fuel_type
),

certificates as (
    select
        *,
        certificate_scheme is not null
        and certificate_number is not null
        and certified_wtw_g_per_mj is not null
        and mass_t > 0
        and coalesce(certified_mass_t, mass_t) > 0 as has_certificate
    from deliveries
),

ranked as (
    select
        *,
        row_number() over (
            partition by certificate_scheme, certificate_number, has_certificate
            order by delivered_utc nulls last, partner_id nulls last, bdn_number nulls last
        ) as claim_number
    from certificates
),

-- A certificate covers one delivery. A later delivery that claims the same certificate counts as fossil.
claimed as (
    select
        *,
        case
            when has_certificate and claim_number = 1 then least(coalesce(certified_mass_t, mass_t) / mass_t, 1)
            else 0
        end as certified_fraction,
        has_certificate and claim_number > 1 as repeats_a_certificate
    from ranked
),

final as (
    select
        claimed.filed_row_id,
        claimed.bdn_number,
        claimed.imo_number,
        claimed.port_locode,
        claimed.delivered_utc,
        claimed.fuel_type,
        claimed.iso_grade,
        claimed.mass_t,
        claimed.lcv_mj_per_g,
        claimed.sulphur_pct,
        claimed.viscosity_cst,
        claimed.certificate_scheme,
        claimed.certificate_number,
        claimed.certified_mass_t,
        claimed.certified_wtw_g_per_mj,
        claimed.certificate_includes_use_phase,
        claimed.partner_id,
        claimed.submission_id,
        claimed.certified_fraction,
        claimed.certified_fraction > 0 as is_certified,
        claimed.repeats_a_certificate,
        consumed.consumed_mass_t,
        claimed.certified_fraction * claimed.mass_t as certified_limit_t,
        claimed.certified_fraction * consumed.consumed_mass_t as certified_claimed_t,
        case
            when claimed.certified_fraction * consumed.consumed_mass_t > claimed.certified_fraction * claimed.mass_t
                then claimed.mass_t / consumed.consumed_mass_t
            else 1
        end * claimed.certified_fraction as certified_share_of_consumption
    from claimed
    left join consumed
        on
            claimed.partner_id = consumed.partner_id
            and claimed.bdn_number = consumed.bdn_number
            and claimed.fuel_type = consumed.fuel_type
)

select * from final
