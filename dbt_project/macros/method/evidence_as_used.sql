{% macro evidence_as_used(residuals_by, factor_class, evidence, fuel_type, is_stand_in, sulphur_pct, iso_grade) -%}
    case
        when {{ is_stand_in }} then 'borrowed'
        when {{ residuals_by }} = 'grade' then {{ evidence }}
        when {{ factor_class }} = 'distillate' and {{ sulphur_pct }} > 0.10 then 'borrowed'
        when {{ factor_class }} != 'residual_le_0_50_s' then {{ evidence }}
        when {{ fuel_type }} = 'LFO' or {{ sulphur_pct }} <= 0.10 then 'borrowed'
        when {{ fuel_type }} = 'ULSFO' and {{ sulphur_pct }} is null then 'borrowed'
        when {{ iso_grade }} is not null and not {{ matches_pattern(iso_grade, '^RM[E-K]') }} then 'borrowed'
        when {{ fuel_type }} = 'HFO' and {{ sulphur_pct }} is null then 'one_source'
        else {{ evidence }}
    end
{%- endmacro %}
