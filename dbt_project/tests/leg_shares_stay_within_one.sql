-- The shares of both directions in a leg add up to one at most, and each share of a stay is one at most; contracts
-- allow a difference of one millionth. A failure means that corridor containers were counted that were not on board.

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
