{#- What an amount needs, the columns of the leg that must be filled, and whether the stay after the leg counts too. -#}
{% set needs_of_legs = [
    ('complete', 'true', 'false'),
    ('complete_without_laden', 'laden_teu = 0', 'false'),
    ('complete_with_capacity', 'nominal_capacity_teu > 0', 'true'),
    (
        'complete_with_lane_average',
        'nominal_capacity_teu > 0 and reefer_teu is not null and extract(year from arrival_date) <= '
        ~ clean_cargo_averages_until(),
        'true'
    ),
    ('complete_with_cargo', 'cargo_mass_t is not null', 'true'),
] %}

with

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

final as (
    {% for needs, filled, with_stay in needs_of_legs %}
        select
            leg_id,
            '{{ needs }}' as needs,
            {{ with_stay }} as with_stay,
            arrival_date as event_date,
            holding_id,
            sailed_distance_nm,
            sailed_distance_km,
            laden_teu,
            teu_on_board,
            reefer_teu,
            cargo_mass_t,
            nominal_capacity_teu
        from legs
        where {{ filled }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
