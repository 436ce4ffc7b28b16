with

emission_terms as (
    select * from {{ ref('int_kpi_terms') }}
    where activity_class is not null
),

members as (
    select * from {{ ref('int_kpi_cell_members') }}
    where term = 'numerator'
),

sums as (
    select * from {{ ref('int_kpi_sums') }}
),

classes as (
    select * from {{ ref('activity_classes') }}
),

grades as (
    select * from {{ ref('evidence_grades') }}
),

activity_groups as (
    select
        {{ term_group_columns('emission_terms') }},
        emission_terms.activity_row_id,
        classes.u_activity,
        classes.is_primary,
        {{ exact_sum('emission_terms.amount') }} as amount
    from emission_terms
    inner join classes
        on emission_terms.activity_class = classes.activity_class
    group by
        {{ term_group_columns('emission_terms') }},
        emission_terms.activity_row_id, classes.u_activity, classes.is_primary
),

activity_rows as (
    select
        members.cell_id,
        activity_groups.activity_row_id,
        activity_groups.u_activity,
        activity_groups.is_primary,
        {{ exact_sum('activity_groups.amount') }} as amount
    from activity_groups
    inner join members
        on {{ same_term_group('activity_groups', 'members') }}
    group by
        members.cell_id, activity_groups.activity_row_id, activity_groups.u_activity, activity_groups.is_primary
),

activity as (
    select
        activity_rows.cell_id,
        {{ exact_sum_of_squares('activity_rows.amount * activity_rows.u_activity / nullif(sums.numerator, 0)') }}
            as relative_variance,
        {{ exact_sum('case when activity_rows.is_primary then abs(activity_rows.amount) else 0 end') }}
            as primary_amount,
        {{ exact_sum('abs(activity_rows.amount)') }} as absolute_amount
    from activity_rows
    inner join sums
        on activity_rows.cell_id = sums.cell_id
    group by activity_rows.cell_id
),

factor_groups as (
    select
        {{ term_group_columns() }},
        factor_key,
        evidence,
        max(factor_lag_years) as factor_lag_years,
        {{ exact_sum('amount') }} as amount
    from emission_terms
    group by {{ term_group_columns() }}, factor_key, evidence
),

factor_rows as (
    select
        members.cell_id,
        factor_groups.factor_key,
        factor_groups.evidence,
        max(factor_groups.factor_lag_years) as factor_lag_years,
        {{ exact_sum('factor_groups.amount') }} as amount
    from factor_groups
    inner join members
        on {{ same_term_group('factor_groups', 'members') }}
    group by members.cell_id, factor_groups.factor_key, factor_groups.evidence
),

factors as (
    select
        factor_rows.cell_id,
        {{ exact_sum_of_squares('factor_rows.amount * grades.u_factor / nullif(sums.numerator, 0)') }}
            as relative_variance,
        max(
            case
                when abs(factor_rows.amount) >= {{ min_evidence_share() }} * activity.absolute_amount then grades.rank
            end
        ) as worst_rank,
        max(
            case
                when abs(factor_rows.amount) >= {{ min_evidence_share() }} * activity.absolute_amount
                    then factor_rows.factor_lag_years
            end
        ) as factor_lag_years
    from factor_rows
    inner join grades
        on factor_rows.evidence = grades.evidence
    inner join sums
        on factor_rows.cell_id = sums.cell_id
    inner join activity
        on factor_rows.cell_id = activity.cell_id
    group by factor_rows.cell_id
),

final as (
    select
        activity.cell_id,
        sqrt(activity.relative_variance + factors.relative_variance) as relative_standard_error,
        activity.primary_amount / nullif(activity.absolute_amount, 0) as primary_data_share,
        grades.evidence as factor_evidence,
        factors.factor_lag_years
    from activity
    inner join factors
        on activity.cell_id = factors.cell_id
    left join grades
        on factors.worst_rank = grades.rank
)

select * from final
