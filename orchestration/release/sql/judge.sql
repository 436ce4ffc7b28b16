-- The primary disclosure rule (METHOD section 10) on every cell of the additive tables N and D; $p in percent. A blank
-- one is a table that does not exist. `protection` is how far above the truth an estimate of an unsafe cell must reach.
create or replace temp table additive_cells as
with

-- First the largest that has not waived its protection, then everybody else: who could estimate it best.
measured as (
    select
        contributed.* exclude (holding_id, amount),
        sum(amount) as total,
        min(amount) as least,
        count_if(amount <> 0) as contributors,
        list(abs(amount) order by waivers.holding_id is not null, abs(amount) desc) as sizes,
        case when count(*) > count(waivers.holding_id) then sizes[1] else 0 end as exposed,
        coalesce(list_sum(list_reverse_sort(sizes[2:])[2:]), 0) as rest,
        md5(string_agg(contributed.holding_id || printf('=%.9e', amount), ' ' order by contributed.holding_id)
            filter (amount <> 0)) as fingerprint
    from contributed
    left join (select distinct * from waivers) as waivers
        on contributed.holding_id = waivers.holding_id and waivers.kpi_id in ('*', contributed.kpi_id)
    group by all
)

select
    * exclude (sizes, exposed, rest),
    contributors = 0 or (exposed > 0 and (contributors < 3 or 100 * rest < $p * exposed)) as is_unsafe,
    case when is_unsafe then greatest($p / 100 * exposed - rest, 0) else 0 end as protection
from measured;
