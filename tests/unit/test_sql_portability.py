"""The SQL of the dbt project runs on DuckDB and on Spark; macros/engine holds what the two spell differently.

Belongs here: rules on the text of models, tests, macros and their YAML. Does not belong here: what the SQL computes.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.core.settings import DBT_PROJECT_DIR

ENGINE = DBT_PROJECT_DIR / "macros" / "engine"
FOLDERS = ("macros", "models", "tests")
TYPES = {"string", "bigint", "int", "double", "boolean", "date", "timestamp", "decimal"}

# A pattern, and what to write instead. dbt.x is a macro of dbt that every adapter implements.
ENGINE_ONLY = {
    r"\barg_(min|max)\(|\bfilter\s*\(": "first_not_null, or an aggregate over case",
    r"\bunnest\b|\bexplode\b|\blateral\b|\bgenerate_(series|subscripts)\b|\bsequence\(|\brange\(": "days_between",
    r"\blist_\w+\(|\barray_\w+\(|\bstruct_\w+\(|\bmap_\w+\(|\blist\(|\bcollect_(list|set)\(": "rows instead of lists",
    r"\bregexp_\w+\(|\brlike\b|\bsimilar to\b|\bilike\b|\bglob\b": "matches_pattern",
    r"\bepoch(_\w+)?\(|\bunix_\w+\(|\bto_(hours|days|seconds)\(|\btimestamp_micros\(": "hours_between, add_hours",
    r"\binterval\b|\bdate_(add|sub|diff|part)\(|\bmake_(date|interval)\(": "dbt.dateadd, dbt.datediff",
    r"(?<!\bdbt\.)\bdatediff\(": "dbt.datediff",
    r"(?<!\bdbt\.)\bdate_trunc\(": "dbt.date_trunc",
    r"(?<!\bdbt\.)\bbool_(or|and)\(": "dbt.bool_or",
    r"\b(string_agg|listagg|group_concat)\(": "distinct_values_as_text",
    r"\bstr[fp]time\(|\bprintf\(|\bformat\w*\(": "cast to string",
    r"\bcurrent_(date|timestamp|time)\b|\bnow\(|\btoday\(": "as_of of stg_corridor__run",
    r"\bhugeint\b|\bvarchar\b|\btext\b(?=\s*[,)])": "a type of both engines",
    r"\bqualify\b": "row_number in a CTE and a where clause",
    r"\basof\b|\bpositional\b|\b(semi|anti) join\b|\bnatural\b": "an inner or left join",
    r"\b(group|order) by all\b": "the columns by name",
    r"\*\s*(exclude|except|replace)\b|\bcolumns\(|\bunion (all )?by name\b|\bpivot\b": "the columns by name",
    r"\bany_value\(|\b(first|last)\(|\bmode\(|\bmedian\(|\bquantile\w*\(": "min, max or row_number",
    r"(?<!:)::(?!:)": "cast",
    r"(?<![:/])//": "floor of a division",
    r"->|\[\w+ for ": "no lambda",
    r"\btry_cast\(|\bif\(|\bnvl\(|\bifnull\(|\bdiv\b": "case, coalesce",
    r"\b(string_)?split(_part)?\(|\bconcat(_ws)?\(|\bstrpos\(|\binstr\(": "rotation_calls, ||",
    r"\bsum\([^()]*\*\s*1e9": "exact_sum",
}


def sql_files() -> list[Path]:
    """All SQL files of the project but those of macros/engine."""
    paths = (path for folder in FOLDERS for path in sorted((DBT_PROJECT_DIR / folder).rglob("*.sql")))
    return [path for path in paths if ENGINE not in path.parents]


def code_of(path: Path) -> str:
    """The text of a file without comments, in lower case."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}|--[^\n]*", " ", text, flags=re.DOTALL).lower()


def clause_end(text: str, start: int) -> int:
    """Where the bracket closes that is open at start, or the end of the text."""
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth < 0:
            return position
    return len(text)


def top_level_parts(text: str) -> list[str]:
    """A list split at the commas that are outside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def order_keys(code: str) -> Iterator[str]:
    """Every key of every order by, in queries and in windows."""
    for match in re.finditer(r"\border by\b", code):
        clause = code[match.end() : clause_end(code, match.end())]
        yield from top_level_parts(re.split(r"\brows between\b|\blimit\b", clause)[0])


def cast_types(code: str) -> Iterator[str]:
    """The type of every cast, without its size."""
    for match in re.finditer(r"\bcast\(", code):
        inner = code[match.end() : clause_end(code, match.end())]
        found = re.search(r"\bas (\w+)(\([^()]*\))?\s*$", inner)
        yield found[1] if found else inner


def yaml_types() -> Iterator[tuple[str, str]]:
    """File and type of every column in contracts and seeds, without its size."""
    for path in sorted((DBT_PROJECT_DIR / "models").rglob("*.yml")):
        for found in re.finditer(r"^ +data_type: (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield path.name, found[1]
    for path in sorted((DBT_PROJECT_DIR / "seeds").rglob("*.yml")):
        for block in re.finditer(r"column_types:\n((?: {8}\w+: \S+\n)+)", path.read_text(encoding="utf-8")):
            yield from ((path.name, found[1]) for found in re.finditer(r": (\w+)", block[1]))


@pytest.mark.parametrize(
    "token",
    [
        "arg_max(a, b)", "sum(a) filter (where b)", "unnest(a)", "list_sort(a)", "regexp_matches(a, b)", "epoch_us(a)",
        "interval 1 day", "date_trunc('month', a)", "bool_or(a)", "string_agg(a)", "strftime(a, b)", "current_date",
        "cast(a as hugeint)", "cast(a as varchar)", "qualify", "group by all", "asof join", "* exclude (a)", "a::date",
        "7 // 2", "a -> a + 1", "try_cast(a as date)", "split_part(a, b, 1)", "any_value(a)", "[x for x in a]",
    ],
)  # fmt: skip
def test_engine_only_token_is_detected(token: str) -> None:
    assert any(re.search(pattern, token) for pattern in ENGINE_ONLY)


@pytest.mark.parametrize(("pattern", "instead"), ENGINE_ONLY.items())
def test_no_engine_only_function_outside_the_engine_macros(pattern: str, instead: str) -> None:
    found = [f"{path.name}: {match[0]}" for path in sql_files() for match in re.finditer(pattern, code_of(path))]
    assert found == [], f"write instead: {instead}"


def test_every_ordering_puts_nulls_last() -> None:
    keys = [(path.name, key) for path in sql_files() for key in order_keys(code_of(path))]
    assert [(name, key) for name, key in keys if not key.endswith("nulls last")] == []


def test_every_type_is_one_of_both_engines() -> None:
    casts = [(path.name, name) for path in sql_files() for name in cast_types(code_of(path))]
    assert [(path, name) for path, name in [*casts, *yaml_types()] if name not in TYPES] == []


def test_every_engine_macro_has_an_implementation_for_each_engine() -> None:
    for path in sorted(ENGINE.glob("*.sql")):
        macros = re.findall(r"{%-? macro (\w+)\(", path.read_text(encoding="utf-8"))
        assert macros == [path.stem, f"duckdb__{path.stem}", f"spark__{path.stem}"]


def test_every_macro_has_a_file_of_its_name() -> None:
    for path in sql_files():
        if path.parent.parent == DBT_PROJECT_DIR / "macros":
            assert re.findall(r"{%-? macro (\w+)\(", path.read_text(encoding="utf-8")) == [path.stem]
