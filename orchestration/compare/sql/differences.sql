-- What differs between a public table as published and as rebuilt: one row per figure, one per row that only one has,
-- one per column that only one has. {table}: its name; {key}: the columns that tell its rows apart.
with

published_figures as (
    from (
        select
            concat_ws(' ', {key}) as row_key,
            cast(columns(*) as varchar)
        from published.kpi.{table}
    )
    unpivot include nulls (figure for column_name in (columns(* exclude (row_key))))
),

rebuilt_figures as (
    from (
        select
            concat_ws(' ', {key}) as row_key,
            cast(columns(*) as varchar)
        from rebuilt.kpi.{table}
    )
    unpivot include nulls (figure for column_name in (columns(* exclude (row_key))))
),

-- Rows of one key, of which there should be one, are compared as a list.
published as (
    select row_key, column_name, array_to_string(list_sort(list(figure)), '; ') as figure
    from published_figures
    group by row_key, column_name
),

rebuilt as (
    select row_key, column_name, array_to_string(list_sort(list(figure)), '; ') as figure
    from rebuilt_figures
    group by row_key, column_name
),

figures as (
    select row_key, column_name, published.figure as published, rebuilt.figure as rebuilt
    from published
    inner join rebuilt using (row_key, column_name)
    where published.figure is distinct from rebuilt.figure
),

lone_rows as (
    select row_key, 'the row' as column_name, 'is there' as published, 'is not there' as rebuilt
    from (select distinct row_key from published)
    anti join rebuilt using (row_key)
    union all
    select row_key, 'the row' as column_name, 'is not there' as published, 'is there' as rebuilt
    from (select distinct row_key from rebuilt)
    anti join published using (row_key)
),

lone_columns as (
    select 'every row' as row_key, column_name, 'is there' as published, 'is not there' as rebuilt
    from (select distinct column_name from published)
    anti join rebuilt using (column_name)
    where exists (from rebuilt)
    union all
    select 'every row' as row_key, column_name, 'is not there' as published, 'is there' as rebuilt
    from (select distinct column_name from rebuilt)
    anti join published using (column_name)
    where exists (from published)
),

final as (
    select * from figures
    union all
    select * from lone_rows
    union all
    select * from lone_columns
)

select '{table}' as table_name, * from final order by all
