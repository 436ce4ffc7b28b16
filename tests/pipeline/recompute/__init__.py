"""The KPIs computed a second time in pandas, from the method page alone, to compare the warehouse with.

Belongs here: its own reading of the lake, its own copy of the factor files, its own arithmetic.
Does not belong here: anything of dbt_project or orchestration; two readings that share code prove nothing.
"""
