-- Both directions together never claim more of a leg than the leg, nor one direction more of a stay than the stay.
-- A failure means corridor boxes were counted that were not among the boxes on board; contracts allow a millionth.

with

shares as (
    select * from {{ ref('int_segment_shares') }}
),

claims as (
    select
        segment_type,
        segment_id,
        sum(share) as share,
        sum(laden_share) as laden_share
    from shares
    where segment_type = 'leg'
    group by segment_type, segment_id
    union all
    select
        segment_type,
        segment_id,
        share,
        laden_share
    from shares
    where segment_type = 'stay'
)

select * from claims
where share > 1.000001 or laden_share > 1.000001
