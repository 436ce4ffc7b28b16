"""The same rows in every file format that partners may send, and files that are not what their name says."""

import gzip
import io
import json
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from orchestration.core.corridor_file import Limits
from orchestration.submissions.checks.connection import connect
from orchestration.submissions.checks.table_check import check_table
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.submissions.formats.reading import TABLE_READERS, read
from orchestration.submissions.period import Period
from tests.support.assessed import assessed

HEADING = ["terminal_code", "month", "teu_handled", "equipment_units", "zero_emission_units"]
ROWS: list[list[object]] = [
    ["SMPL-T1", "2025-03", 210000.5, 240, 90],
    ["SMPL-T2", "2025-03", 1200, None, None],
]
TEXT = "\n".join([",".join(HEADING), "SMPL-T1,2025-03,210000.5,240,90", "SMPL-T2,2025-03,1200,,"]) + "\n"
READ = [
    ("SMPL-T1", date(2025, 3, 1), 210000.5, 240.0, 90.0),
    ("SMPL-T2", date(2025, 3, 1), 1200.0, None, None),
]


def workbook(rows: list[list[object]], sheets: tuple[str, ...] = ("Sheet1",)) -> bytes:
    """A workbook with these rows in its first sheet, from the second line on."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            lines: list[list[object]] = [[*HEADING], *rows] if name == sheets[0] else [["x"]]
            for number, row in enumerate(lines, start=1):
                for place, value in enumerate(row):
                    sheet.write(number, place, value)
    return content.getvalue()


def parquet(tmp_path: Path, select: str = "select * from lines") -> bytes:
    path = tmp_path / "written"
    with duckdb.connect() as con:
        con.execute(
            "create table lines as select * from (values ('SMPL-T1', date '2025-03-01', 210000.5::double, 240, 90), "
            f"('SMPL-T2', '2025-03-01', 1200, null, null)) as t({', '.join(HEADING)})"
        )
        con.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path.read_bytes()


def zipped(*files: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return content.getvalue()


def objects() -> list[dict[str, object]]:
    return [dict(zip(HEADING, row, strict=True)) for row in ROWS]


def typed_rows(content: bytes, extension: str, tmp_path: Path) -> list[tuple[object, ...]]:
    path = tmp_path / f"file.{extension}"
    path.write_bytes(content)
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    period = Period.parse("2025-03")
    assert period
    with connect(scratch) as con:
        table = read(path, extension, TABLE_READERS, scratch, Limits())
        check_table(con, CONTRACTS["terminal_activity"], period, table, Limits())
        return con.execute(f"select {', '.join(HEADING)} from checked where state = 0").fetchall()


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("csv", TEXT.encode()),
        ("csv", TEXT.encode("utf-8-sig")),
        ("csv", TEXT.encode("utf-16")),
        ("csv", TEXT.replace(",", "\t").encode("utf-16-le").join([b"\xff\xfe", b""])),
        ("csv", TEXT.replace(",", ";").replace("210000.5", "210000,5").encode()),
        ("csv", TEXT.replace("210000.5", '"210000,5"').encode()),
        ("csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("csv.zip", zipped(("a/b.csv", TEXT.encode()), ("__MACOSX/._b.csv", b"x"))),
        ("csv.zip", zipped(("../../etc/passwd", TEXT.encode()))),
        ("xlsx", workbook(ROWS)),
        ("xlsx", workbook([[code, date(2025, 3, 1), *numbers] for code, _, *numbers in ROWS])),
        ("xlsx.gz", gzip.compress(workbook(ROWS), mtime=0)),
        ("json", json.dumps(objects()).encode()),
        ("json", json.dumps(objects()).encode("utf-8-sig")),
        ("jsonl", "\n".join(json.dumps(row) for row in objects()).encode()),
        ("jsonl.zip", zipped(("x", "\n\n".join(json.dumps(row) for row in objects()).encode()))),
    ],
)
def test_the_same_rows_are_read_from_every_format(extension: str, content: bytes, tmp_path: Path) -> None:
    assert typed_rows(content, extension, tmp_path) == READ


def test_the_same_rows_are_read_from_parquet(tmp_path: Path) -> None:
    assert typed_rows(parquet(tmp_path), "parquet", tmp_path) == READ


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Société Générale des Eaux"), ("gb18030", "上海港洋山码头")])
def test_text_in_a_local_encoding_is_read_with_a_warning_that_quotes_it(
    encoding: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "vessels_2025.csv"
    path.write_bytes(f"imo_number,vessel_name,valid_from\n3000013,{name},2024-01-01\n".encode(encoding))
    receipt = assessed(path)
    assert receipt.verdict == "accepted_with_warnings"
    assert name.split()[0] in receipt.findings[0]["message"]  # type: ignore[operator]


def test_number_is_read_with_every_digit_that_was_written(tmp_path: Path) -> None:
    content = b'[{"terminal_code": "T", "month": "2025-03", "teu_handled": 0.1000000000000000055511151231257827}]'
    assert typed_rows(content, "json", tmp_path)[0][2] == 0.1


def test_excel_time_without_an_offset_is_rejected_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "rob_2025-03.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["imo_number", "measured_utc", "fuel_type", "rob_t"])
        sheet.write_row(1, 0, [3000013, datetime(2025, 3, 3, 12), "VLSFO", 1450.25])
    receipt = assessed(path)
    assert [finding["message"] for finding in receipt.findings] == [
        "2025-03-03T12:00:00 is not a date and time with its offset from UTC, such as "
        "2025-03-01T14:30:00Z. Add the offset: Z for UTC, otherwise one such as +08:00."
    ]


def test_receipt_warns_that_only_the_first_sheet_was_read(tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.xlsx"
    path.write_bytes(workbook(ROWS, ("March", "Notes", "columns")))
    assert [finding["message"] for finding in assessed(path).findings] == [
        "Only the sheet March was read, not Notes. Send one file per sheet."
    ]


def test_rows_of_a_workbook_have_the_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.xlsx"
    path.write_bytes(workbook([*ROWS, ["SMPL-T3", "2025-03", "many"]]))
    assert [finding["row_number"] for finding in assessed(path).findings] == [5]


def lying_zip() -> bytes:
    """Return an archive whose directory states 10 bytes for an entry of 5 million."""
    content = bytearray(zipped(("x.csv", b"0" * 5_000_000)))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(zipped(("x.csv", TEXT.encode())))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("extension", "content", "rule"),
    [
        ("csv", workbook(ROWS), "file_is_what_its_name_says"),
        ("xlsx", TEXT.encode(), "file_is_what_its_name_says"),
        ("parquet", TEXT.encode(), "file_is_what_its_name_says"),
        ("xlsx", b"\xd0\xcf\x11\xe0 old Excel", "file_is_what_its_name_says"),
        ("csv", b"", "file_is_not_empty"),
        ("xlsx", b"", "file_is_not_empty"),
        ("xlsx", zipped(("x.csv", TEXT.encode())), "file_is_whole"),
        ("xlsx", workbook(ROWS)[:-200], "file_is_whole"),
        ("xlsx", zipped(*((f"{n}.xml", b"") for n in range(1001))), "file_is_within_limits"),
        ("csv.zip", zipped(("a.csv", b"x"), ("b.csv", b"x")), "archive_holds_one_file"),
        ("csv.zip", zipped(), "file_is_what_its_name_says"),
        ("csv.zip", zipped(("a.csv", b"0" * 5_000_000)), "file_is_within_limits"),
        ("csv.zip", lying_zip(), "file_is_whole"),
        ("csv.zip", encrypted_zip(), "file_is_not_encrypted"),
        ("csv.gz", gzip.compress(gzip.compress(TEXT.encode(), mtime=0), mtime=0), "file_is_what_its_name_says"),
        ("csv.gz", gzip.compress(b"0" * 5_000_000, mtime=0), "file_is_within_limits"),
        ("json", b'{"rows": []}', "file_is_json"),
        ("json", b"[1, 2]", "file_is_json"),
        ("json", b"[{}]", "file_is_not_empty"),
        ("json", b'[{"month": "2025-03"', "file_is_json"),
        ("json", b"[" * 100_000, "file_is_within_limits"),
        ("json", b'[{"month": ["2025-03"]}]', "values_are_flat"),
        ("json", b'[{"month": 1, "month": 2}]', "names_are_unique"),
        ("json", b'[{"month": "\xff"}]', "file_is_utf8"),
        ("jsonl", b'{"month": 1}\n{"month"', "file_is_json"),
        ("csv", TEXT.encode() + b'"' + b"x" * 10_000_000, "file_is_csv"),
        ("csv", (",".join(f"c{n}" for n in range(501)) + "\n").encode(), "file_is_within_limits"),
        ("jsonl", b'{"month": "' + b"x" * 10_000_000 + b'"}', "file_is_within_limits"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_as_rows_is_refused(extension: str, content: bytes, rule: str, tmp_path: Path) -> None:
    path = tmp_path / f"terminal_activity_2025-03.{extension}"
    path.write_bytes(content)
    receipt = assessed(path, max_unpacked_bytes=1_000_000, max_cell_characters=10_000)
    assert (receipt.verdict, [finding["rule"] for finding in receipt.findings]) == ("refused", [rule])


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("json", b'[{"month": ' + b"[" * 19 + b"]" * 19 + b"}]"),
        ("json", b'[{"month": ' + b'{"a": ' * 19 + b"1" + b"}" * 20 + b"]"),
        ("jsonl", b'{"month": ' + b'[{"a": ' * 10 + b"1" + b"}]" * 10 + b"}"),
    ],
)
def test_nesting_is_limited_by_corridor_toml(extension: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"terminal_activity_2025-03.{extension}"
    path.write_bytes(content)
    what = "Line 1" if extension == "jsonl" else "The file"
    assert assessed(path, max_nesting=20).message == (
        f"Refused: {what} has lists or objects nested more than 20 deep. Send objects with one value for each name."
    )
    assert assessed(path, max_nesting=21).findings[0]["rule"] == "values_are_flat"


def test_brackets_inside_text_are_not_nesting(tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.json"
    path.write_text(json.dumps([{**row, "note": '[{"\\' * 20} for row in objects()]), encoding="utf-8")
    assert assessed(path, max_nesting=2).rows_accepted == 2


def test_a_parquet_file_cut_off_or_with_nested_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.parquet"
    whole = parquet(tmp_path)
    damaged = bytearray(whole)
    damaged[8:40] = bytes(32)
    nested = parquet(tmp_path, "select *, [1, 2] as extra from lines")
    for content, rule in (
        (whole[:-20], "file_is_whole"),
        (bytes(damaged), "file_is_whole"),
        (nested, "values_are_flat"),
    ):
        path.write_bytes(content)
        receipt = assessed(path)
        assert (receipt.verdict, [finding["rule"] for finding in receipt.findings]) == ("refused", [rule])


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ("SMPL\u202eT1,2025-03,1", "text_is_visible"),
        ("SMPL\x1b[31mT1,2025-03,1", "text_is_visible"),
        ("SMPL\x00T1,2025-03,1", "file_is_text"),
        (f"{'x' * 9000},2025-03,1", "text_is_short"),
    ],
)
def test_text_with_control_characters_is_rejected_and_not_repeated(cells: str, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.csv"
    path.write_text(f"terminal_code,month,teu_handled\n{cells}\n", encoding="utf-8")
    receipt = assessed(path)
    assert rule in [finding["rule"] for finding in receipt.findings]
    text = json.dumps([receipt.message, receipt.findings], ensure_ascii=False)
    assert not set("\u202e\x1b\x00") & set(text)
    assert len(text) < 1500


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (["12,5", "1,234"], "accepted_with_warnings"),
        (["12,5", "12.5"], "partly_accepted"),
        (["12,5", "1.234"], "partly_accepted"),
        (["1,234", "2,345"], "refused"),
        (["1.234", "2.345"], "refused"),
        (["1.234", "0.345"], "accepted"),
        (["1234", "2345"], "accepted"),
    ],
)
def test_comma_is_decimal_only_if_the_file_leaves_no_doubt(cells: list[str], verdict: str, tmp_path: Path) -> None:
    path = tmp_path / "terminal_activity_2025-03.csv"
    lines = [f"T{number};2025-03;{cell}" for number, cell in enumerate(cells)]
    path.write_text("\n".join(["terminal_code;month;teu_handled", *lines]), encoding="utf-8")
    assert assessed(path, max_rejected_share=0.9).verdict == verdict
