{% macro control_window_start(tied_utc, ready_to_work_utc) -%}
    {{ add_hours('coalesce(' ~ ready_to_work_utc ~ ', ' ~ tied_utc ~ ')', 2) }}
{%- endmacro %}
