-- The primary disclosure rule (docs/method.md#disclosure) on every cell of the additive tables N and D; $p in percent. A blank
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
        coalesce(list_reverse_sort(list(abs(amount)) filter (waivers.holding_id is null)), []) as protected_sizes,
        coalesce(list(abs(amount)) filter (waivers.holding_id is not null), []) as waived_sizes,
        coalesce(protected_sizes[1], 0) as exposed,
        coalesce(list_sum(list_reverse_sort(protected_sizes[2:] || waived_sizes)[2:]), 0) as rest,
        list(contributed.holding_id || printf('=%.9e', amount)) filter (amount <> 0) as spelled,
        md5(cast(list_sort(spelled) as varchar)) as fingerprint
    from contributed
    left join (select distinct * from waivers) as waivers
        on contributed.holding_id = waivers.holding_id and waivers.kpi_id in ('*', contributed.kpi_id)
    group by all
)

select
    * exclude (protected_sizes, waived_sizes, exposed, rest, spelled),
    contributors = 0 or (exposed > 0 and (contributors < 3 or 100 * rest < $p * exposed)) as is_unsafe,
    case when is_unsafe then greatest($p / 100 * exposed - rest, 0) else 0 end as protection
from measured;
