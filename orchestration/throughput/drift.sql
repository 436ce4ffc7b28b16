-- What a page says now against what is held of its source: one row a figure that somebody should look at, with the
-- check it fails. Tables: said (rows of one page), held (the newest vintage of every page of the source), bounds
-- (tolerance_teu, window_figures, few_figures, spreads, narrowest, of_few; of drift.py), throughput_sums (the seed).
-- A page of which nothing is held can only leave its band.
with

was as (
    select held.* from held
    where held.page in (select said.page from said)
),

gone as (
    select was.port_locode, was.period_grain, was.period_start, was.measure, was.teu as old_teu, said.teu
    from was
    left join said using (port_locode, period_grain, period_start, measure)
    where was.teu is not null and said.teu is null
),

changed as (
    select said.port_locode, said.period_grain, said.period_start, said.measure, was.teu as old_teu, said.teu
    from said
    left join was using (port_locode, period_grain, period_start, measure)
    where said.teu is not null and said.teu is distinct from was.teu
),

-- The figures nearest in time: ports grow, and what was usual decades ago says little.
history as (
    select changed.*, held.teu as past_teu
    from changed
    inner join held using (port_locode, period_grain, measure)
    cross join bounds
    where held.teu is not null and held.period_start <> changed.period_start
    qualify row_number() over (
        partition by changed.port_locode, changed.period_grain, changed.period_start, changed.measure
        order by abs(datediff('month', held.period_start, changed.period_start)) asc, held.period_start asc, held.page asc
    ) <= bounds.window_figures
),

spread as (
    select
        port_locode, period_grain, period_start, measure, old_teu, teu,
        min(past_teu) as least_teu,
        median(ln(past_teu)) filter (past_teu > 0) as middle,
        mad(ln(past_teu)) filter (past_teu > 0) as deviation,
        count(*) filter (past_teu > 0) as figures
    from history
    group by all
),

bands as (
    select
        spread.*,
        case
            when spread.figures < bounds.few_figures then ln(bounds.of_few)
            -- 1.4826 times the median absolute deviation is the standard deviation, where logarithms are normal.
            else greatest(bounds.spreads * 1.4826 * spread.deviation, ln(bounds.narrowest))
        end as half_width
    from spread
    cross join bounds
    where spread.figures > 0
),

-- A figure of zero or less has no logarithm; it is usual where it has been before.
outside as (
    select *, exp(middle - half_width) as low_teu, exp(middle + half_width) as high_teu
    from bands
    where case when teu > 0 then abs(ln(teu) - middle) > half_width else least_teu > 0 end
),

both_sides as (
    select 'held' as side, * from was
    union all
    select 'said' as side, * from said
),

parts_needed as (
    select whole_measure, sum_name, count(*) as part_count
    from throughput_sums
    group by all
),

sums as (
    select
        wholes.side, wholes.port_locode, wholes.period_grain, wholes.period_start, wholes.measure, sum_name,
        wholes.teu as whole, sum(parts.teu) as parts
    from both_sides as wholes
    inner join throughput_sums on wholes.measure = whole_measure
    inner join parts_needed using (whole_measure, sum_name)
    inner join both_sides as parts
        on
            wholes.side = parts.side
            and wholes.port_locode = parts.port_locode
            and wholes.period_grain = parts.period_grain
            and wholes.period_start = parts.period_start
            and part_measure = parts.measure
    where parts.teu is not null
    group by all
    having count(*) = any_value(part_count)
),

off as (
    select sums.*
    from sums
    cross join bounds
    where abs(sums.whole - sums.parts) > bounds.tolerance_teu
),

newly_off as (
    select said_off.port_locode, said_off.period_grain, said_off.period_start, said_off.measure,
        was.teu as old_teu, said_off.whole as teu, said_off.parts
    from off as said_off
    left join was using (port_locode, period_grain, period_start, measure)
    where
        said_off.side = 'said'
        and exists (select 1 from was)
        and not exists (
            select 1 from off as held_off
            where
                held_off.side = 'held'
                and held_off.port_locode = said_off.port_locode
                and held_off.period_grain = said_off.period_grain
                and held_off.period_start = said_off.period_start
                and held_off.measure = said_off.measure
        )
),

revised as (
    select * from changed
    where old_teu is not null
),

final as (
    select 'published_figures_stay' as check_name, *, null as low_teu, null as high_teu from gone
    union all
    select 'figures_are_in_their_band', port_locode, period_grain, period_start, measure, old_teu, teu, low_teu, high_teu
    from outside
    union all
    select 'totals_stay_sums_of_their_parts', port_locode, period_grain, period_start, measure, old_teu, teu, parts, parts
    from newly_off
    union all
    select 'most_figures_stand', *, null, null
    from revised
    where (select count(*) from revised) > greatest(
        (select few_figures from bounds), (select count(*) / 2 from was where teu is not null)
    )
)

select * from final
order by check_name, port_locode, period_grain, period_start, measure
