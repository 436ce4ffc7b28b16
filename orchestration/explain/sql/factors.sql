select
    factor_key,
    value,
    unit,
    evidence,
    factor_lag_years,
    activity_classes,
    amount,
    amount / nullif(sum(amount) over (), 0) as share,
    source
from factored
order by abs(amount) desc, factor_key
