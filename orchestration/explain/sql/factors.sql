-- The factors of the cell, the largest first.
select
    factor_key,
    edition,
    value,
    unit,
    evidence,
    factor_lag_years,
    activity_classes,
    amount,
    amount / nullif(sum(amount) over (), 0) as share,
    source
from used_factors
order by abs(amount) desc, factor_key
