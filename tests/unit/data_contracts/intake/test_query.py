import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from data_contracts.errors import QueryRefused
from data_contracts.intake import read_query
from data_contracts.intake.table import SourceTable

_NOBODY_LISTENS = "postgresql+psycopg://keeper:rather-secret@127.0.0.1:1/postgres"

Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]


@pytest.fixture
def lots(tmp_path: Path) -> str:
    """An SQLite database of three lots; its URL."""
    path = tmp_path / "mes.db"
    with sqlite3.connect(path) as database:
        database.execute('CREATE TABLE lots (lot TEXT, "온도(℃)" REAL, n INTEGER, note TEXT)')
        database.executemany(
            "INSERT INTO lots VALUES (?, ?, ?, ?)", [("L1", 50.5, 1, None), ("L2", 51.0, 2, " "), ("L3", None, 3, "x")]
        )
    database.close()
    return f"sqlite:///{path}"


def _count(url: str) -> int:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        count: int = database.execute("SELECT count(*) FROM lots").fetchone()[0]
    database.close()
    return count


def test_a_query_of_sqlite_is_a_table_of_text(lots: str, rows: Rows) -> None:
    table = read_query(lots, 'SELECT lot, "온도(℃)", n, note FROM lots ORDER BY lot;')

    assert table.name == "query"
    assert [(header.name, header.unit) for header in table.headers][1] == ("온도", "℃")
    assert rows(table) == [("L1", "50.5", "1", None), ("L2", "51", "2", None), ("L3", None, "3", "x")]
    assert table.cells.index.tolist() == [1, 2, 3]


def test_the_same_cells_have_the_same_sha256_and_other_cells_another(lots: str) -> None:
    query = "SELECT lot FROM lots WHERE n < 3"
    first, again, other = (read_query(lots, asked) for asked in (query, query, query.replace("3", "2")))

    assert first.sha256 == again.sha256
    assert first.sha256 != other.sha256


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM lots",
        "SELECT 1; DELETE FROM lots",
        "PRAGMA query_only = OFF",
        "WITH gone AS (SELECT 1) DELETE FROM lots",
        "  -- only looking\n DROP TABLE lots",
        "ATTACH 'other.db' AS other",
        "SELECT lot FROM lots INTO OUTFILE '/x'",
        "",
    ],
)
def test_a_write_is_refused_and_changes_nothing_in_sqlite(lots: str, query: str) -> None:
    with pytest.raises(QueryRefused):
        read_query(lots, query)

    assert _count(lots) == 3


def test_a_word_of_a_text_or_comment_is_no_write(lots: str, rows: Rows) -> None:
    assert rows(read_query(lots, "SELECT 'delete; 100%' AS a /* drop; */ FROM lots LIMIT 1")) == [("delete; 100%",)]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(QueryRefused, match="no SQLite database"):
        read_query(f"sqlite:///{tmp_path}/none.db", "SELECT 1")

    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    "url", ["nonsense", "unknowndb://u:rather-secret@h/d", "sqlite://", "oracle://u:rather-secret@h/d"]
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        read_query(url, "SELECT 1")

    assert "rather-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.fixture(scope="module")
def mes(postgres: str) -> str:
    """A PostgreSQL database of two lots; its URL."""
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE lots (lot text, at timestamp, temperature numeric, ok boolean, day date)")
        connection.execute(
            "INSERT INTO lots VALUES ('L1', '2026-03-05 14:30', 50.50, true, '2026-03-05'), "
            "('가2', NULL, 51, false, NULL)"
        )
        connection.execute("CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM lots RETURNING 1'")
    return postgres


def test_a_query_of_postgresql_is_a_table_of_text(mes: str, rows: Rows) -> None:
    table = read_query(mes, "SELECT * FROM lots ORDER BY lot")

    assert [header.text for header in table.headers] == ["lot", "at", "temperature", "ok", "day"]
    assert rows(table) == [
        ("L1", "2026-03-05 14:30:00", "50.50", "TRUE", "2026-03-05"),
        ("가2", None, "51", "FALSE", None),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM lots",
        "WITH gone AS (DELETE FROM lots RETURNING lot) SELECT * FROM gone",
        "SELECT wipe()",
        "SELECT 1; COMMIT; DELETE FROM lots",
        "SELECT lot INTO copy FROM lots",
        "SELECT set_config('transaction_read_only', 'off', false), wipe()",
    ],
)
def test_a_write_is_refused_and_changes_nothing_in_postgresql(mes: str, query: str) -> None:
    with pytest.raises(QueryRefused):
        read_query(mes, query)

    with psycopg.connect(mes.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM lots").fetchone() == (2,)


def test_a_percent_sign_is_no_parameter(mes: str, rows: Rows) -> None:
    assert rows(read_query(mes, "SELECT lot FROM lots WHERE lot LIKE 'L%'")) == [("L1",)]


def test_ten_thousand_rows_and_more_come_through_whole(mes: str) -> None:
    table = read_query(mes, "SELECT g AS n, 'x' || g AS t FROM generate_series(1, 25000) AS g")

    assert table.cells.shape == (25_000, 2)
    assert table.cells[1].iloc[-1] == "x25000"


@pytest.mark.parametrize(
    "changed", [lambda url: url.replace("rather-secret", "wrong-secret"), lambda _: _NOBODY_LISTENS]
)
def test_a_server_that_is_not_reached_is_told_of_without_the_password(
    postgres: str, changed: Callable[[str], str]
) -> None:
    with pytest.raises(QueryRefused, match="cannot be reached") as caught:
        read_query(changed(postgres), "SELECT 1")

    assert "secret" not in str(caught.value)


def test_what_a_driver_says_about_a_failed_query_is_not_repeated(mes: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        read_query(mes, "SELECT 1 / (length(lot) - 2) FROM lots WHERE lot = 'SECRET' OR true")

    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None
