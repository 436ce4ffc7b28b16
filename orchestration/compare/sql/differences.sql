-- The differences between a published and a rebuilt table: one row per value, per row that only one of them has,
-- and per column that only one of them has. {table} is its name, {key} are its key columns.
with

published_entries as (
    from (
        select
            concat_ws(' ', {key}) as row_key,
            cast(columns(*) as varchar)
        from published.kpi.{table}
    )
    unpivot include nulls (entry for column_name in (columns(* exclude (row_key))))
),

rebuilt_entries as (
    from (
        select
            concat_ws(' ', {key}) as row_key,
            cast(columns(*) as varchar)
        from rebuilt.kpi.{table}
    )
    unpivot include nulls (entry for column_name in (columns(* exclude (row_key))))
),

-- Several rows with one key, which is a fault, are compared as a list.
published as (
    select row_key, column_name, array_to_string(list_sort(list(entry)), '; ') as entry
    from published_entries
    group by row_key, column_name
),

rebuilt as (
    select row_key, column_name, array_to_string(list_sort(list(entry)), '; ') as entry
    from rebuilt_entries
    group by row_key, column_name
),

differing_entries as (
    select row_key, column_name, published.entry as published, rebuilt.entry as rebuilt
    from published
    inner join rebuilt using (row_key, column_name)
    where published.entry is distinct from rebuilt.entry
),

unmatched_rows as (
    select row_key, 'whole row' as column_name, 'present' as published, 'absent' as rebuilt
    from (select distinct row_key from published)
    anti join rebuilt using (row_key)
    union all
    select row_key, 'whole row' as column_name, 'absent' as published, 'present' as rebuilt
    from (select distinct row_key from rebuilt)
    anti join published using (row_key)
),

unmatched_columns as (
    select 'all rows' as row_key, column_name, 'present' as published, 'absent' as rebuilt
    from (select distinct column_name from published)
    anti join rebuilt using (column_name)
    where exists (from rebuilt)
    union all
    select 'all rows' as row_key, column_name, 'absent' as published, 'present' as rebuilt
    from (select distinct column_name from rebuilt)
    anti join published using (column_name)
    where exists (from published)
),

final as (
    select * from differing_entries
    union all
    select * from unmatched_rows
    union all
    select * from unmatched_columns
)

select '{table}' as table_name, * from final order by all
