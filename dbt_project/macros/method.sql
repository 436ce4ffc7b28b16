{#- Thresholds and classes of METHOD, each in one place. -#}

{#- A leg is covered when the rows of its main engine, and of its auxiliary engines where any is filed, each cover
    this share of its hours. docs/method.md#voyages asks it of all rows together, which would not see a row lost. -#}
{% macro required_fuel_coverage() %}0.95{% endmacro %}

{#- A fuel row may end this many hours after the leg it starts in (docs/method.md#plausibility). -#}
{% macro fuel_row_crossing_hours() %}6{% endmacro %}

{#- Above this share of energy without a factor a KPI is not computable (docs/method.md#fuel). -#}
{% macro max_energy_without_factor() %}0.05{% endmacro %}

{#- A factor counts towards the evidence of a KPI from this share of its emissions (docs/method.md#trust). -#}
{% macro min_evidence_share() %}0.01{% endmacro %}

{#- Normal quantile of the 95 % interval (docs/method.md#trust). -#}
{% macro z_95() %}1.96{% endmacro %}

{#- A certified fuel counts as zero or near-zero up to this many g CO2e/MJ, well-to-wake (docs/method.md#intensity). -#}
{% macro max_zero_fuel_g_per_mj() %}19{% endmacro %}

{#- How Clean Cargo fills a ship and lengthens a route; nothing else uses them (docs/method.md#intensity). -#}
{% macro clean_cargo_load_factor() %}0.70{% endmacro %}
{% macro clean_cargo_distance_adjustment() %}1.15{% endmacro %}

{#- The lane averages of Clean Cargo end with this year (docs/method.md#intensity). -#}
{% macro clean_cargo_averages_until() %}2025{% endmacro %}

{#- Capability of a ship that is built for less carbon (docs/method.md#progress). -#}
{% macro is_capable(capability) %}{{ capability }} in ('reduced', 'zero'){% endmacro %}

{#- The hours in which control is due at berth (docs/method.md#berth). -#}
{% macro window_start(tied, ready) %}{{ add_hours('coalesce(' ~ ready ~ ', ' ~ tied ~ ')', 2) }}{% endmacro %}
{% macro window_end(pilot, released) %}{{ add_hours('coalesce(' ~ pilot ~ ', ' ~ released ~ ')', -1) }}{% endmacro %}

{#- A fuel balance holds within this many tonnes, or this share of what was consumed (docs/method.md#plausibility). -#}
{% macro fuel_balance_tolerance_t() %}5{% endmacro %}
{% macro fuel_balance_tolerance_share() %}0.03{% endmacro %}

{#- Two filings within this many hours at one terminal are one visit (docs/method.md#voyages). -#}
{% macro same_visit_hours() %}1{% endmacro %}


{#- Which row of a method's factor table a fuel takes (docs/method.md#fuel, "Which row"). NULL: none. -#}
{% macro factor_class(residuals_by, family, sulphur_pct, iso_grade, viscosity_cst) -%}
    case
        when {{ family }} is null then null
        when {{ family }} != 'residual' then {{ family }}
        when {{ residuals_by }} = 'grade' then
            case
                when {{ matches(iso_grade, '^RM[E-K]') }} then 'residual_hfo'
                when {{ matches(iso_grade, '^RM[A-D]') }} then 'residual_lfo'
                when {{ matches(iso_grade, '^DM') }} then 'distillate'
                when {{ viscosity_cst }} > 80 then 'residual_hfo'
                when {{ viscosity_cst }} <= 80 then 'residual_lfo'
            end
        when {{ sulphur_pct }} > 0.50 then 'residual_gt_0_50_s'
        else 'residual_le_0_50_s'
    end
{%- endmacro %}


{#- The grade of a factor as it is used here: outside the range its source states it is borrowed. -#}
{% macro evidence_as_used(residuals_by, factor_class, evidence, fuel_type, is_stand_in, sulphur_pct, iso_grade) -%}
    case
        when {{ is_stand_in }} then 'borrowed'
        when {{ residuals_by }} = 'grade' then {{ evidence }}
        when {{ factor_class }} = 'distillate' and {{ sulphur_pct }} > 0.10 then 'borrowed'
        when {{ factor_class }} != 'residual_le_0_50_s' then {{ evidence }}
        when {{ fuel_type }} = 'LFO' or {{ sulphur_pct }} <= 0.10 then 'borrowed'
        when {{ fuel_type }} = 'ULSFO' and {{ sulphur_pct }} is null then 'borrowed'
        when {{ iso_grade }} is not null and not {{ matches(iso_grade, '^RM[E-K]') }} then 'borrowed'
        when {{ fuel_type }} = 'HFO' and {{ sulphur_pct }} is null then 'one_source'
        else {{ evidence }}
    end
{%- endmacro %}


{#- True where a factor counts for what arrived on a day; without a validity it always does. -#}
{% macro is_valid_on(factors, day) -%}
    ({{ factors }}.valid_from is null or {{ day }} >= {{ factors }}.valid_from)
    and ({{ factors }}.valid_before is null or {{ day }} < {{ factors }}.valid_before)
{%- endmacro %}


{#- How far a published figure may stand from what it is compared with: the page of Los Angeles prints hundredths and
    adds up within 0.05 TEU, figures in whole TEU within 3. -#}
{% macro throughput_tolerance_teu(precision) -%}
    case {{ precision }} when 'hundredth' then 0.05 when 'rounded' then 0 else 3 end
{%- endmacro %}

{#- What a rounded figure is rounded to, by its last digit that is not zero; 0 for one that is not rounded. -#}
{% macro rounded_to_teu(precision, teu) -%}
    case
        when {{ precision }} != 'rounded' then 0
        {%- for unit in [1000000, 100000, 10000, 1000, 100, 10] %}
        when mod({{ teu }}, {{ unit }}) = 0 then {{ unit }}
        {%- endfor %}
        else 1
    end
{%- endmacro %}
