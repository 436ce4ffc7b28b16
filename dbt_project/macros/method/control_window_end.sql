{% macro control_window_end(pilot_on_board_utc, released_utc) -%}
    {{ add_hours('coalesce(' ~ pilot_on_board_utc ~ ', ' ~ released_utc ~ ')', -1) }}
{%- endmacro %}
