-- WtW = WtT + TtW, row by row and for every leg and stay.
-- A failure means a factor was applied to one part and not to the other, or a partial sum was let through.
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
