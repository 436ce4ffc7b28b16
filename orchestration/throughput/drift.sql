-- New figures of a page compared with the earlier figures of its source: one row per figure that fails a check.
-- Tables: new_figures (rows of one page), current_figures (the newest vintage of every page of the source), bounds
-- (tolerance_teu, window_figures, few_figures, spreads, narrowest, of_few; from drift.py), throughput_sums (the seed).
-- A page without earlier figures can only fail the check of its band.
with

earlier_figures as (
    select current_figures.* from current_figures
    where current_figures.page in (select new_figures.page from new_figures)
),

missing_figures as (
    select earlier_figures.port_locode, earlier_figures.period_grain, earlier_figures.period_start, earlier_figures.measure, earlier_figures.teu as old_teu, new_figures.teu
    from earlier_figures
    left join new_figures using (port_locode, period_grain, period_start, measure)
    where earlier_figures.teu is not null and new_figures.teu is null
),

changed_figures as (
    select new_figures.port_locode, new_figures.period_grain, new_figures.period_start, new_figures.measure, earlier_figures.teu as old_teu, new_figures.teu
    from new_figures
    left join earlier_figures using (port_locode, period_grain, period_start, measure)
    where new_figures.teu is not null and new_figures.teu is distinct from earlier_figures.teu
),

-- The figures nearest in time, because ports grow.
history as (
    select changed_figures.*, current_figures.teu as past_teu
    from changed_figures
    inner join current_figures using (port_locode, period_grain, measure)
    cross join bounds
    where current_figures.teu is not null and current_figures.period_start <> changed_figures.period_start
    qualify row_number() over (
        partition by changed_figures.port_locode, changed_figures.period_grain, changed_figures.period_start, changed_figures.measure
        order by abs(datediff('month', current_figures.period_start, changed_figures.period_start)) asc, current_figures.period_start asc, current_figures.page asc
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
            -- 1.4826 times the median absolute deviation estimates the standard deviation of normal logarithms.
            else greatest(bounds.spreads * 1.4826 * spread.deviation, ln(bounds.narrowest))
        end as half_width
    from spread
    cross join bounds
    where spread.figures > 0
),

-- A figure of zero or less has no logarithm; it passes where such figures occurred before.
outside_band as (
    select *, exp(middle - half_width) as low_teu, exp(middle + half_width) as high_teu
    from bands
    where case when teu > 0 then abs(ln(teu) - middle) > half_width else least_teu > 0 end
),

both_vintages as (
    select 'earlier' as vintage, * from earlier_figures
    union all
    select 'new' as vintage, * from new_figures
),

parts_needed as (
    select whole_measure, sum_name, count(*) as part_count
    from throughput_sums
    group by all
),

sums as (
    select
        wholes.vintage, wholes.port_locode, wholes.period_grain, wholes.period_start, wholes.measure, sum_name,
        wholes.teu as whole, sum(parts.teu) as parts
    from both_vintages as wholes
    inner join throughput_sums on wholes.measure = whole_measure
    inner join parts_needed using (whole_measure, sum_name)
    inner join both_vintages as parts
        on
            wholes.vintage = parts.vintage
            and wholes.port_locode = parts.port_locode
            and wholes.period_grain = parts.period_grain
            and wholes.period_start = parts.period_start
            and part_measure = parts.measure
    where parts.teu is not null
    group by all
    having count(*) = any_value(part_count)
),

sum_mismatches as (
    select sums.*
    from sums
    cross join bounds
    where abs(sums.whole - sums.parts) > bounds.tolerance_teu
),

new_sum_mismatches as (
    select new_mismatches.port_locode, new_mismatches.period_grain, new_mismatches.period_start, new_mismatches.measure,
        earlier_figures.teu as old_teu, new_mismatches.whole as teu, new_mismatches.parts
    from sum_mismatches as new_mismatches
    left join earlier_figures using (port_locode, period_grain, period_start, measure)
    where
        new_mismatches.vintage = 'new'
        and exists (select 1 from earlier_figures)
        and not exists (
            select 1 from sum_mismatches as earlier_mismatches
            where
                earlier_mismatches.vintage = 'earlier'
                and earlier_mismatches.port_locode = new_mismatches.port_locode
                and earlier_mismatches.period_grain = new_mismatches.period_grain
                and earlier_mismatches.period_start = new_mismatches.period_start
                and earlier_mismatches.measure = new_mismatches.measure
        )
),

revised_figures as (
    select * from changed_figures
    where old_teu is not null
),

final as (
    select 'published_figures_stay' as check_name, *, null as low_teu, null as high_teu from missing_figures
    union all
    select 'figures_are_in_their_band', port_locode, period_grain, period_start, measure, old_teu, teu, low_teu, high_teu
    from outside_band
    union all
    select 'totals_stay_sums_of_their_parts', port_locode, period_grain, period_start, measure, old_teu, teu, parts, parts
    from new_sum_mismatches
    union all
    select 'most_figures_stand', *, null, null
    from revised_figures
    where (select count(*) from revised_figures) > greatest(
        (select few_figures from bounds), (select count(*) / 2 from earlier_figures where teu is not null)
    )
)

select * from final
order by check_name, port_locode, period_grain, period_start, measure
