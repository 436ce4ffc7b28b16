with

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
    where part = 'certified'
),

segments as (
    select * from {{ ref('int_segments') }}
    where is_in_scope
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
    where is_certified
),

legs as (
    select * from {{ ref('int_legs') }}
    where is_in_scope
),

partners as (
    select * from {{ ref('stg_corridor__partners') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

burned as (
    select
        'burned' as population,
        segments.segment_type as segment,
        emission_rows.method_id,
        segments.arrival_date as event_date,
        emission_rows.fuel_type as dimension_value,
        segments.holding_id,
        emission_rows.mass_t as amount,
        segments.segment_type as entity_type,
        segments.segment_id as entity_id
    from emission_rows
    inner join segments
        on emission_rows.segment_type = segments.segment_type and emission_rows.segment_id = segments.segment_id
    where emission_rows.mass_t is not null
),

corridor_vessels as (
    select distinct imo_number from legs
),

bunkered as (
    select
        'bunkered' as population,
        'delivery_note' as segment,
        cast(null as string) as method_id,
        cast(notes.delivered_utc as date) as event_date,
        coalesce(sides.port_locode, 'none') as dimension_value,
        partners.holding_id,
        notes.certified_limit_t as amount,
        'delivery_note' as entity_type,
        notes.filed_row_id as entity_id
    from notes
    inner join corridor_vessels
        on notes.imo_number = corridor_vessels.imo_number
    inner join partners
        on notes.partner_id = partners.partner_id
    left join sides
        on notes.port_locode = sides.port_locode
),

measures as (
    select * from burned
    union all
    select * from bunkered
),

final as (
    select
        *,
        'certified_mass_t' as measure,
        'mass' as needs,
        {{ null_trust_columns() }}
    from measures
)

select * from final
