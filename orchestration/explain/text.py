"""How an explanation looks on a terminal.

Belongs here: order, headings and figures short enough to read; --json has them whole. Does not belong here: queries.
"""

import click

from orchestration.core.query import Record
from orchestration.core.terminal import format_figure, print_records

SMALL_SHARE = 0.001


def show_explanation(record: Record) -> None:
    """The value with its formula filled in, then what it rests on, the largest first."""
    sample = "SAMPLE - " if record["sample"] else ""
    click.echo(f"{sample}{record['corridor']}, release {record['release_id']}. INTERNAL: names ships and partners.")
    click.echo(
        f"{record['name']}: {record['kpi_id']}, {record['period']}, {record['dimension_value']}, {_method(record)}"
    )
    click.echo(record["meaning"])
    click.echo()
    for heading, text in (*_value(record), *_trust(record)):
        click.echo(f"  {heading:11s} {text}")
    _section("Made of", [_part(part) for part in record["parts"]])
    _section("Factors", _factors(record["factors"]))
    _section("Largest contributions", [_entity(entity) for entity in record["largest"]])
    _section(f"Sources ({len(record['sources'])})", _sources(record["sources"]))
    _show_before(record["before"], record["unit"])


def _method(record: Record) -> str:
    variant = "" if record["variant"] == "measured" else f" ({record['variant']})"
    return f"{record['method_id']}{variant}, formula version {record['formula_version']}"


def _value(record: Record) -> list[tuple[str, str]]:
    interval = (
        "" if record["lower"] is None else f" ({format_figure(record['lower'])} to {format_figure(record['upper'])})"
    )
    value = "unknown" if record["value"] is None else f"{_with_unit(record['value'], record['unit'])}{interval}"
    lines = [("value", value), ("status", _status(record)), ("formula", record["formula"])]
    if record["kind"] == "ratio":
        lines.append(("", f"= {_filled(record, 'numerator')} / {_filled(record, 'denominator')}"))
    elif len(record["parts"]) > 1:
        lines.append(("", f"= {_filled(record, 'numerator')}"))
    lines.append(("", f"= {_with_unit(record['value'], record['unit'])}"))
    return lines


def _filled(record: Record, term: str) -> str:
    """The sum, or what each kind of entity adds to it."""
    parts = [f"{_sum(part['amount'])} {part['entity_type']}" for part in record["parts"] if part["term"] == term]
    if len(parts) < 2:
        return _sum(record[term])
    return f"({' + '.join(parts)})" if record["kind"] == "ratio" else " + ".join(parts)


def _status(record: Record) -> str:
    if record["variant"] == "terminal_default":
        return "published with the terminals at their default"
    if record["published_status"] == record["status"]:
        return str(record["status"])
    return f"to the public {record['published_status'] or 'not shown'}; the figure above is not for them"


def _trust(record: Record) -> list[tuple[str, str]]:
    shares = [
        ("coverage", "coverage"),
        ("primary data", "primary_data_share"),
        ("energy without a factor", "energy_without_factor_share"),
    ]
    trust = [f"{name} {record[key]:.1%}" for name, key in shares if record[key] is not None]
    if record["factor_evidence"]:
        trust.append(f"factors {record['factor_evidence']}")
    if record["factor_lag_years"] is not None:
        trust.append(f"factors up to {record['factor_lag_years']} years older than the activity")
    trust.append(f"{record['n_contributors']} contributors")
    return [("trust", ", ".join(trust)), ("boundary", record["boundary"]), ("authority", record["authority"])]


def _part(part: Record) -> Record:
    return {
        "term": part["term"],
        "of": part["entity_type"],
        "entities": f"{part['entities']:,}",
        "amount": _sum(part["amount"]),
        "share": _share(part["share"]),
    }


def _factors(factors: list[Record]) -> list[Record]:
    """Those of a thousandth of the emissions or more; how many others there are."""
    lines = [_factor(factor) for factor in factors if abs(factor["share"] or 0) >= SMALL_SHARE]
    others = len(factors) - len(lines)
    if lines and others:
        lines.append({**dict.fromkeys(lines[0], ""), "factor": f"{others} below 0.1 %: --json"})
    return lines


def _factor(factor: Record) -> Record:
    return {
        "factor": factor["factor_key"],
        "value": format_figure(factor["value"]),
        "unit": factor["unit"],
        "evidence": factor["evidence"],
        "activity": factor["activity_classes"],
        "share": _share(factor["share"]),
        "source": factor["source"],
    }


def _entity(entity: Record) -> Record:
    return {
        "what": f"{entity['entity_type']} {entity['what']}",
        "id": entity["entity_id"],
        "holding": entity["holding_id"],
        "numerator": _sum(entity["numerator"]),
        "denominator": _sum(entity["denominator"]),
        "share": _share(entity["share"]),
    }


def _sources(sources: list[Record]) -> list[Record]:
    """Submissions of one partner and dataset in a line, pages one by one."""
    lines: dict[tuple[str, str], Record] = {}
    for source in sources:
        if source["source_type"] == "page":
            lines[source["source_key"], ""] = {"partner": "public", "dataset": source["source_key"], "of": ""}
            continue
        key = (source["partner_id"], source["dataset"])
        line = lines.setdefault(key, {"partner": key[0], "dataset": key[1], "of": ""})
        line["of"] += f"{', ' if line['of'] else ''}{source['period']} ({source['source_key']})"
    return list(lines.values())


def _show_before(before: Record | None, unit: str) -> None:
    click.echo()
    if before is None:
        click.echo("There is no release before this one.")
        return
    cell = before["cell"]
    if cell is None:
        click.echo(f"Release {before['release_id']} had no such figure.")
        return
    was = f"Release {before['release_id']} had {_with_unit(cell['value'], unit)} ({cell['status']}"
    click.echo(f"{was}, formula version {cell['formula_version']}){_difference(cell['difference'], unit)}.")
    _section("Changed since", [_change(change) for change in before["changes"]])
    _section("Factors since", [_factor_change(factor) for factor in before["factors"]])
    sources = [{"change": s["change"], **line} for s in before["sources"] for line in _sources([s])]
    _section("Sources since", sources)


def _difference(difference: float | None, unit: str) -> str:
    """Nothing where either figure is unknown."""
    if difference is None:
        return ""
    if difference == 0:
        return "; no difference"
    return f"; difference {difference:+.4g}{'' if unit == '1' else ' ' + unit}"


def _factor_change(factor: Record) -> Record:
    return {
        "change": factor["change"],
        "factor": factor["factor_key"],
        "before": format_figure(factor["value_before"]),
        "now": format_figure(factor["value_now"]),
        "unit": factor["unit"],
    }


def _change(change: Record) -> Record:
    return {
        "term": change["term"],
        "of": change["entity_type"],
        "change": change["change"],
        "entities": f"{change['entities']:,}",
        "difference": f"{change['difference']:+.6g}",
    }


def _section(heading: str, lines: list[Record]) -> None:
    if lines:
        click.echo(f"\n{heading}")
        print_records(lines)


def _sum(amount: float | None) -> str:
    """Whole thousands where they can be read, else six digits; --json has all."""
    if amount is None:
        return ""
    return f"{amount:,.0f}" if 1e3 <= abs(amount) < 1e9 else f"{amount:,.6g}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _with_unit(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    return format_figure(value) if unit == "1" else f"{format_figure(value)} {unit}"
