-- Primary suppression by the p % rule (docs/method.md#disclosure): every cell of the additive tables, numerators and
-- denominators, with $p in percent. An amount that is null belongs to a table that does not exist. `protection` is the
-- distance above the true value that an unsafe cell's feasibility interval must reach.
create or replace temp table additive_cells as
with

-- The largest contributor without a waiver is protected; the second largest of all others could estimate it best.
measured as (
    select
        contributions.* exclude (holding_id, amount),
        sum(amount) as total,
        min(amount) as least,
        count_if(amount <> 0) as contributors,
        coalesce(list_reverse_sort(list(abs(amount)) filter (waivers.holding_id is null)), []) as protected_sizes,
        coalesce(list(abs(amount)) filter (waivers.holding_id is not null), []) as waived_sizes,
        coalesce(protected_sizes[1], 0) as largest,
        coalesce(list_sum(list_reverse_sort(protected_sizes[2:] || waived_sizes)[2:]), 0) as remainder,
        list(contributions.holding_id || printf('=%.9e', amount)) filter (amount <> 0) as spelled,
        md5(cast(list_sort(spelled) as varchar)) as fingerprint
    from contributions
    left join (select distinct * from waivers) as waivers
        on contributions.holding_id = waivers.holding_id and waivers.kpi_id in ('*', contributions.kpi_id)
    group by all
)

select
    * exclude (protected_sizes, waived_sizes, largest, remainder, spelled),
    contributors = 0 or (largest > 0 and (contributors < 3 or 100 * remainder < $p * largest)) as is_unsafe,
    case when is_unsafe then greatest($p / 100 * largest - remainder, 0) else 0 end as protection
from measured;
