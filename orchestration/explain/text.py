"""What `corridor explain` prints.

Belongs here: order, headings and rounded figures. Does not belong here: queries, or unrounded figures (`--json`).
"""

import click

from orchestration.core.query import Record
from orchestration.core.terminal import format_figure, print_records

SHOWN_SHARE = 0.001
COVERAGE_OF = {
    "arrivals": "arrivals expected by the nominations",
    "terminal_months": "terminal-months due",
    "vessel_years": "vessels of the year",
}
STATUS_MEANINGS = {
    "not_computable": "not_computable: too much energy has no factor, or the numerator or denominator is unknown",
    "no_data": "no_data: the release has no complete data for this cell",
}


def print_explanation(record: Record) -> None:
    """Print the figure with its formula and coverage, then its parts, factors, sources and changes."""
    sample = "SAMPLE - " if record["sample"] else ""
    click.echo(f"{sample}{record['corridor']}, release {record['release_id']}. INTERNAL: names ships and partners.")
    click.echo(f"\n{record['name']}, {record['dimension_value']}, {record['period']}")
    click.echo(f"{record['meaning']}\n")
    for heading, text in (*_figure(record), *_quality(record)):
        click.echo(f"  {heading:12s} {text}".rstrip())
    _print_section("Numerator and denominator", [_part(part) for part in record["parts"]])
    _print_missing(record)
    _print_section("Factors", _factors(record["factors"]))
    _print_section("Largest contributions to the numerator", [_entity(entity) for entity in record["largest"]])
    _print_section("Submissions and public pages", _sources(record["sources"]))
    _print_changes(record["before"], record["unit"])


def _figure(record: Record) -> list[tuple[str, str]]:
    lines = [
        ("KPI", f"{record['kpi_id']}, formula version {record['formula_version']}"),
        ("period", f"{record['period_start']} to {record['period_end']}"),
        ("method", _method(record)),
        ("figure", _with_unit(record["value"], record["unit"]) + _interval(record)),
        ("status", _status(record)),
        ("formula", record["formula"]),
    ]
    if record["value"] is None and not record["parts"]:
        return lines
    if record["kind"] == "ratio":
        lines.append(("", f"= {_filled(record, 'numerator')} / {_filled(record, 'denominator')}"))
    elif len(record["parts"]) > 1:
        lines.append(("", f"= {_filled(record, 'numerator')}"))
    lines.append(("", f"= {_with_unit(record['value'], record['unit'])}"))
    return lines


def _method(record: Record) -> str:
    if record["method_name"] is None:
        return "none: a published statistic"
    return f"{record['method_name']}, GWP values of {record['gwp_assessment']} ({record['method_id']})"


def _interval(record: Record) -> str:
    if record["lower"] is None:
        return ""
    return f" (95 % interval {format_figure(record['lower'])} to {format_figure(record['upper'])})"


def _filled(record: Record, term: str) -> str:
    """Return the sum of a term, or what each kind of entity adds to it."""
    parts = [f"{_sum(part['amount'])} {part['entity_type']}" for part in record["parts"] if part["term"] == term]
    if len(parts) < 2:
        return _sum(record[term]) or "unknown"
    return f"({' + '.join(parts)})" if record["kind"] == "ratio" else " + ".join(parts)


def _status(record: Record) -> str:
    if record["variant"] == "terminal_default":
        return "terminal_default: published with default values for the terminals"
    status = str(record["status"])
    if record["published_status"] == status:
        return STATUS_MEANINGS.get(status, status)
    return f"{record['published_status'] or 'not public'}: not published, the figure above is confidential"


def _quality(record: Record) -> list[tuple[str, str]]:
    shares = [("primary_data_share", "primary data"), ("energy_without_factor_share", "energy without a factor")]
    data = [f"{_share(record[key])} {name}" for key, name in shares if record[key] is not None]
    if record["n_contributors"]:
        data.append(f"{record['n_contributors']} {'holding' if record['n_contributors'] == 1 else 'holdings'}")
    factors = [f"weakest evidence is {record['factor_evidence']}"] if record["factor_evidence"] else []
    if record["factor_lag_years"]:
        factors.append(f"up to {record['factor_lag_years']} years older than the activity")
    lines = [("coverage", _coverage(record)), ("data", ", ".join(data)), ("factors", ", ".join(factors))]
    lines += [("boundary", record["boundary"]), ("authority", record["authority"])]
    return [(heading, text) for heading, text in lines if text]


def _coverage(record: Record) -> str:
    counted = next((item for item in record["coverage_items"] if item["reason"] == "counted"), None)
    if counted is None or record["coverage"] is None:
        return ""
    if not counted["share"]:
        return f"{_share(record['coverage'])}: none of the {COVERAGE_OF[record['coverage_basis']]} is complete"
    expected = counted["items"] / counted["share"]
    return (
        f"{_share(record['coverage'])}: {counted['items']:,.0f} of {expected:,.0f} "
        f"{COVERAGE_OF[record['coverage_basis']]}"
    )


def _print_missing(record: Record) -> None:
    missing = [item for item in record["coverage_items"] if item["reason"] != "counted"]
    heading = f"Missing from coverage ({COVERAGE_OF.get(record['coverage_basis'], '')})"
    _print_section(heading, [_missing(item) for item in missing])
    if missing:
        click.echo("Missing and refused submissions are listed by: corridor status")


def _missing(item: Record) -> Record:
    return {
        "partner": item["partner_id"] or "unknown",
        "reason": item["reason"],
        "number": f"{item['items']:,.0f}",
        "share": _share(item["share"]),
    }


def _part(part: Record) -> Record:
    scale = part["scale"]
    return {
        "term": part["term"],
        "sum over": part["entity_type"],
        "number": f"{part['entities']:,}",
        "measure": f"{part['measure'] or ''}{f' x {scale:,.0f}' if scale not in (None, 1) else ''}",
        "amount": _sum(part["amount"]),
        "share": _share(part["share"]),
    }


def _factors(factors: list[Record]) -> list[Record]:
    """Return the factors with at least a thousandth of the emissions, and the number of the others."""
    lines = [_factor(factor) for factor in factors if abs(factor["share"] or 0) >= SHOWN_SHARE]
    others = len(factors) - len(lines)
    if lines and others:
        lines.append({**dict.fromkeys(lines[0], ""), "factor": f"{others} more below 0.1 %", "edition": "see --json"})
    return lines


def _factor(factor: Record) -> Record:
    return {
        "factor": factor["factor_key"],
        "edition": factor["edition"],
        "value": format_figure(factor["value"]),
        "unit": factor["unit"],
        "evidence": factor["evidence"],
        "share": _share(factor["share"]),
        "source": factor["source"],
    }


def _entity(entity: Record) -> Record:
    return {
        "contribution": f"{entity['entity_type']} {entity['what']}",
        "id": entity["entity_id"],
        "holding": entity["holding_id"],
        "numerator": _sum(entity["numerator"]),
        "denominator": _sum(entity["denominator"]),
        "share": _share(entity["share"]),
    }


def _sources(sources: list[Record]) -> list[Record]:
    """Return one line for each partner and dataset, and one for each public page."""
    lines: dict[tuple[str, str], Record] = {}
    for source in sources:
        if source["source_type"] == "page":
            page = {"partner": "public page", "dataset": source["source_key"], "periods (submission id)": ""}
            lines[source["source_key"], ""] = page
            continue
        key = (source["partner_id"], source["dataset"])
        line = lines.setdefault(key, {"partner": key[0], "dataset": key[1], "periods (submission id)": ""})
        separator = ", " if line["periods (submission id)"] else ""
        line["periods (submission id)"] += f"{separator}{source['period']} ({source['source_key']})"
    return list(lines.values())


def _print_changes(before: Record | None, unit: str) -> None:
    """Print the figure of the previous release, and what changed since then."""
    click.echo()
    if before is None:
        click.echo("There is no previous release to compare with.")
        return
    cell, release_id = before["cell"], before["release_id"]
    if cell is None:
        click.echo(f"The previous release {release_id} does not have this cell.")
        return
    click.echo(
        f"Previous release {release_id}: {_with_unit(cell['value'], unit)}, {cell['status']}, "
        f"formula version {cell['formula_version']}{_difference(cell['difference'], unit)}."
    )
    _print_section("Amounts changed since then", [_change(change) for change in before["changes"]])
    _print_section("Factors changed since then", [_factor_change(factor) for factor in before["factors"]])
    sources = [{"change": source["change"], **line} for source in before["sources"] for line in _sources([source])]
    _print_section("Submissions and public pages changed since then", sources)


def _difference(difference: float | None, unit: str) -> str:
    """Format the difference to the previous release; return an empty text if either figure is unknown."""
    if difference is None:
        return ""
    if difference == 0:
        return "; no difference"
    return f"; difference {difference:+.4g}{'' if unit == '1' else ' ' + unit}"


def _change(change: Record) -> Record:
    return {
        "change": change["change"],
        "term": change["term"],
        "sum over": change["entity_type"],
        "number": f"{change['entities']:,}",
        "difference": f"{change['difference']:+.6g}",
    }


def _factor_change(factor: Record) -> Record:
    return {
        "change": factor["change"],
        "factor": factor["factor_key"],
        "before": format_figure(factor["value_before"]),
        "now": format_figure(factor["value_now"]),
        "unit": factor["unit"],
    }


def _print_section(heading: str, lines: list[Record]) -> None:
    """Print a heading and a table; print nothing if there are no lines."""
    if lines:
        click.echo(f"\n{heading}")
        print_records(lines)


def _sum(amount: float | None) -> str:
    """Format a sum with six significant digits, or as a whole number from a thousand to a thousand million."""
    if amount is None:
        return ""
    return f"{amount:,.0f}" if 1e3 <= abs(amount) < 1e9 else f"{amount:,.6g}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _with_unit(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    return format_figure(value) if unit == "1" else f"{format_figure(value)} {unit}"
