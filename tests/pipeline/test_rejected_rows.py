"""A rejected row makes everything incomplete that it may belong to, which then leaves the figures as a whole.

The lake is that of the tiny sample, some of whose rows are rejected.
"""

from tests.pipeline.compared import AS_OF, CELL, FIGURES, WORDS, apart, matched, not_matched
from tests.pipeline.recompute.recomputed import recompute
from tests.pipeline.small import SUMS, Small, cells, same


def test_rejected_fuel_row_removes_the_same_segments_as_a_row_of_unknown_mass(small: Small) -> None:
    """Reject rows of any consumer and mass, except rows that cross the end of their leg and may belong to two."""
    inside = f"""
        row_number % 40 = 3 and not exists (
            from read_parquet('{small.home}/lake/accepted/voyage_legs/*.parquet') as legs
            where legs.imo_number = fuel.imo_number
                and (legs.departure_utc between fuel.period_start_utc + to_minutes(1) and fuel.period_end_utc
                    or legs.arrival_utc between fuel.period_start_utc + to_minutes(1) and fuel.period_end_utc)
        )
    """
    unknown = f"select * replace (case when {inside} then null else mass_t end as mass_t) from accepted as fuel"
    findings = f"""
        from rejected union all by name select *, 'value_has_its_type' as rule, 'error' as severity
        from read_parquet('{small.home}/lake/accepted/fuel_consumption/*.parquet', union_by_name = true) as fuel
        where {inside}
    """
    accepted = f"from accepted as fuel where not ({inside})"
    rejected = small.changed({"fuel_consumption": accepted}, rejected={"fuel_consumption": findings})
    blank = small.changed({"fuel_consumption": unknown})
    same(rejected, blank, [*SUMS, "coverage"])
    headline = small.cells.index.get_level_values("kpi_id") == "corridor_wtw_t"
    assert rejected[headline]["numerator"].sum() < small.cells[headline]["numerator"].sum()


def test_rejected_energy_row_makes_its_terminal_month_unknown(small: Small) -> None:
    """Compare with a month in which every quantity of the terminal is unknown."""
    inside = "energy_carrier = 'diesel' and month(month) = 2 and terminal_code like '%1'"
    of_month = f"(terminal_code, month) in (select (terminal_code, month) from accepted where {inside})"
    blank = small.changed({"terminal_energy": f"""
        select * replace (case when not {of_month} or supplied_to_ships then quantity end as quantity) from accepted
    """})  # fmt: skip
    findings = f"""
        from rejected union all by name select *, 'value_has_its_type' as rule, 'error' as severity
        from read_parquet('{small.home}/lake/accepted/terminal_energy/*.parquet', union_by_name = true) where {inside}
    """
    accepted = f"from accepted where not ({inside})"
    rejected = small.changed({"terminal_energy": accepted}, rejected={"terminal_energy": findings})
    same(rejected, blank, [*SUMS, "coverage"])
    of_terminals = small.cells.index.get_level_values("kpi_id") == "terminal_kgco2e_per_teu"
    assert rejected[of_terminals]["denominator"].sum() < small.cells[of_terminals]["denominator"].sum()


# Calls that do not count. Of an unlisted terminal is one that is accepted all the same.
LOST_CALLS = """
    case
        when partner_id = 'SMPL-ALBATROSS' and row_number % 6 = 0 then 'whole'
        when partner_id = 'SMPL-ALBATROSS' and row_number % 6 = 3 then 'without its ship'
        when partner_id = 'SMPL-BITTERN' and row_number % 4 = 0 then 'told by a carrier, who knows no shore power'
        when partner_id = 'SMPL-HARBOUR-LB' and row_number % 4 = 0 then 'told by the terminal'
        when partner_id = 'SMPL-FATHOM' and row_number = 5 and month(tied_utc) <= 3 then 'without anything'
        when partner_id = 'SMPL-FULMAR' and row_number % 9 = 0 then 'of an unlisted terminal'
    end
"""


def test_rejected_calls_remove_the_same_stays_as_in_the_recomputation(small: Small) -> None:
    """Fewer emissions count then, and not the same emissions with less electricity in them."""
    accepted = f"""
        select * replace (if({LOST_CALLS} is null, terminal_code, 'SMPL-UNLISTED') as terminal_code) from accepted
        where coalesce({LOST_CALLS}, 'of an unlisted terminal') = 'of an unlisted terminal'
    """
    findings = f"""
        from rejected union all by name
        select * exclude (lost) replace (
            case when lost not like 'without%' then imo_number end as imo_number,
            case when lost != 'without anything' then terminal_code end as terminal_code,
            case when lost != 'without anything' then tied_utc end as tied_utc,
            case when lost != 'without anything' then released_utc end as released_utc
        ), 'value_has_its_type' as rule, 'error' as severity
        from (select *, {LOST_CALLS} as lost from read_parquet('{small.home}/lake/accepted/port_calls/*.parquet'))
        where lost != 'of an unlisted terminal'
    """
    with small.changed_lake({"port_calls": accepted}, {"port_calls": findings}) as lake:
        ours, again = cells(small.compiled, lake), recompute(lake, AS_OF)
    both = matched(ours.reset_index(), again)
    assert not_matched(both).empty
    for column in [*FIGURES, *WORDS]:
        differing = apart(both, column)
        assert differing.empty, differing[[*CELL, column, f"{column}_again"]].head(10).to_string()
    headline = small.cells.index.get_level_values("kpi_id") == "corridor_wtw_t"
    assert ours[headline]["numerator"].sum() < small.cells[headline]["numerator"].sum()
