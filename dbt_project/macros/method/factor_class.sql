{% macro factor_class(residuals_by, family, sulphur_pct, iso_grade, viscosity_cst) -%}
    case
        when {{ family }} is null then null
        when {{ family }} != 'residual' then {{ family }}
        when {{ residuals_by }} = 'grade' then
            case
                when {{ matches_pattern(iso_grade, '^RM[E-K]') }} then 'residual_hfo'
                when {{ matches_pattern(iso_grade, '^RM[A-D]') }} then 'residual_lfo'
                when {{ matches_pattern(iso_grade, '^DM') }} then 'distillate'
                when {{ viscosity_cst }} > 80 then 'residual_hfo'
                when {{ viscosity_cst }} <= 80 then 'residual_lfo'
            end
        when {{ sulphur_pct }} > 0.50 then 'residual_gt_0_50_s'
        else 'residual_le_0_50_s'
    end
{%- endmacro %}
