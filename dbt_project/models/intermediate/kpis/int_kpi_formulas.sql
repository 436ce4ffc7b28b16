with

terms as (
    select * from {{ ref('kpi_terms') }}
),

words as (
    select * from {{ ref('kpi_words') }}
),

amounts as (
    select
        terms.kpi_id,
        terms.term,
        terms.part,
        case
            when terms.scale = 1 then ''
            else cast(cast(terms.scale as bigint) as string) || ' * '
        end
        || 'sum(' || measures.phrase || ' over ' || segments.phrase
        || coalesce(' ' || needs.phrase, '') || ')' as amount
    from terms
    inner join words as measures
        on measures.kind = 'measure' and terms.measure = measures.word
    inner join words as segments
        on segments.kind = 'segments' and terms.population || ' ' || terms.segments = segments.word
    inner join words as needs
        on needs.kind = 'needs' and terms.needs = needs.word
),

-- A numerator may have an amount of ships and one of terminals.
sums as (
    select
        kpi_id,
        term,
        case when count(*) > 1 then '(' else '' end
        || min(amount)
        || case when count(*) > 1 then ' + ' || max(amount) || ')' else '' end as sum_text
    from amounts
    group by kpi_id, term
),

final as (
    select
        numerators.kpi_id,
        numerators.sum_text || coalesce(' / ' || denominators.sum_text, '') as formula
    from sums as numerators
    left join sums as denominators
        on numerators.kpi_id = denominators.kpi_id and denominators.term = 'denominator'
    where numerators.term = 'numerator'
)

select * from final
