{% macro min_evidence_share() %}0.01{% endmacro %}
