-- Well-to-wake emissions are well-to-tank plus tank-to-wake emissions, for every emission row, leg and stay. A
-- failure means that a factor was applied to one part only, or that a partial sum was published.
{{ config(meta={'dagster': {'ref': {'name': 'fct_emissions'}}}) }}

with

amounts as (
    select
        emission_row_id || ':' || part as amount_of,
        method_id,
        ttw_t,
        wtt_t,
        wtw_t
    from {{ ref('int_emission_rows') }}
    union all
    select
        segment_type || ':' || segment_id as amount_of,
        method_id,
        ttw_t,
        wtt_t,
        wtw_t
    from {{ ref('fct_emissions') }}
)

select * from amounts
where {{ differs('wtw_t', 'ttw_t + wtt_t') }}
