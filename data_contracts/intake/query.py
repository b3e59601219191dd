"""A query of the member's own database -> a table. It only ever reads.

PostgreSQL and SQLite are told so and refuse every write themselves; of other databases one SELECT is asked and rolled
back. The URL may hold a password, so no message quotes it, nor what a driver says about it.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from data_contracts.errors import QueryRefused, TableTooLarge
from data_contracts.intake.cell_text import cell_text
from data_contracts.intake.grid import check_size, text_array
from data_contracts.intake.limits import MAX_BYTES, bytes_text
from data_contracts.intake.parquet import named_columns
from data_contracts.intake.read import assemble
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import SourceTable

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["read_query"]

_FETCHED = 10_000
_READS = re.compile(r"(?:select|with|values|table)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:insert|update|delete|merge|replace\s+into|into|drop|alter|create|truncate|grant|revoke|call|exec(?:ute)?|do|copy"
    r"|attach|pragma|vacuum|lock|set)\b",
    re.IGNORECASE,
)
_NO_CODE = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|--[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
_CONNECT_SECONDS = 15
_PATIENT = {"postgresql", "mysql", "mariadb"}  # whose drivers can be told how long to wait
_TOLD = _PATIENT | {"sqlite"}  # that can be told to only read


def read_query(url: str, query: str, settings: FileSettings = FileSettings()) -> SourceTable:
    """Read the result of a query.

    Args:
        url: an SQLAlchemy URL, such as ``postgresql+psycopg://reader@host/mes`` or ``sqlite:///lots.db``.
        query: one SELECT (or WITH … SELECT) statement.
        settings: how to take the result; only whether it is to be made long has a meaning.

    Returns:
        The table, its cells as text; its rows count from 1.

    Raises:
        QueryRefused: if the database cannot be reached, or the query fails or would write. Nothing was changed then.
        TableTooLarge: if the result has too many rows, columns or cells.
    """
    statement = _one_statement(query)
    with _connected(url) as connection:
        names, rows = _result(connection, statement)
        columns, sha256 = _columns(names, rows)
    return assemble(named_columns(names, columns, settings), "query", sha256)


def _one_statement(query: str) -> str:
    """Return the query if it is one statement that reads; what stands in quotes or comments does not count."""
    statement = query.strip().rstrip(";").strip()
    code = _NO_CODE.sub(" ", statement).strip().lstrip("( ")
    if not _READS.match(code) or ";" in code:
        raise QueryRefused("the query must be one SELECT statement; nothing was asked of the database")
    return statement


@contextmanager
def _connected(url: str) -> "Iterator[Connection]":
    from sqlalchemy import exc  # noqa: PLC0415  # 0.2 s that readers of files do not need

    try:
        engine = _engine(url)
    except (exc.SQLAlchemyError, ValueError, TypeError, ImportError):
        raise QueryRefused(
            "the database's URL cannot be used: write it as dialect+driver://user@host/database, and install its "
            "driver (for PostgreSQL: pip install 'pumasi[postgres]')"
        ) from None
    try:
        with engine.connect() as connection:
            _only_read(connection)
            try:
                yield connection
            finally:
                connection.rollback()
    except exc.SQLAlchemyError as error:
        raise QueryRefused(_failure(error)) from None
    finally:
        engine.dispose()


def _engine(url: str) -> "Engine":
    from sqlalchemy import create_engine, make_url, pool  # noqa: PLC0415

    parsed = make_url(url)
    family = parsed.get_backend_name()
    if family == "sqlite":
        return create_engine(_read_only_sqlite(parsed), poolclass=pool.NullPool)
    arguments: dict[str, Any] = (
        {"connect_timeout": _CONNECT_SECONDS} if family in {"postgresql", "mysql", "mariadb"} else {}
    )
    return create_engine(parsed, poolclass=pool.NullPool, connect_args=arguments)


def _read_only_sqlite(url: "URL") -> "URL":
    """Return the URL in the form that makes SQLite open the file for reading only, and never make a new one."""
    database = (url.database or "").removeprefix("file:").partition("?")[0]
    if not database or database == ":memory:" or not Path(database).is_file():
        raise QueryRefused("there is no SQLite database at the path of the URL; check the path")
    path = Path(database).absolute().as_uri()
    return url.set(drivername="sqlite+pysqlite", database=path.replace("?", "%3f"), query={"mode": "ro", "uri": "true"})


def _only_read(connection: "Connection") -> None:
    from sqlalchemy import text  # noqa: PLC0415

    family = connection.dialect.name
    if family == "postgresql":
        connection.execution_options(postgresql_readonly=True)
        connection.execute(text("SET TRANSACTION READ ONLY"))
    elif family in {"mysql", "mariadb"}:
        connection.execute(text("SET SESSION TRANSACTION READ ONLY"))
        connection.rollback()
    elif family == "sqlite":
        connection.execute(text("PRAGMA query_only = ON"))


def _result(connection: "Connection", statement: str) -> tuple[tuple[str, ...], "Iterator[Sequence[Any]]"]:
    """Ask; a database that cannot be told to only read is not asked anything that might write."""
    if connection.dialect.name not in _TOLD and _WRITES.search(_NO_CODE.sub(" ", statement)):
        raise QueryRefused("the query would write; only a SELECT statement is asked, and nothing was changed")
    streaming = connection.execution_options(stream_results=True, max_row_buffer=_FETCHED)
    result = streaming.exec_driver_sql(_escaped(connection, statement))
    if not result.returns_rows:
        raise QueryRefused("the query returns no rows; write one SELECT statement")
    names = tuple(map(str, result.keys()))
    check_size(1, len(names))
    return names, (row for rows in result.partitions(_FETCHED) for row in rows)


def _escaped(connection: "Connection", statement: str) -> str:
    """Double the percent signs for drivers that take them for places of parameters."""
    marks = connection.dialect.paramstyle in {"format", "pyformat"}
    return statement.replace("%", "%%") if marks else statement


def _columns(names: Sequence[str], rows: "Iterator[Sequence[Any]]") -> tuple[list[pa.ChunkedArray], str]:
    """Return the cells by column, and their SHA-256."""
    digest = hashlib.sha256(repr(list(names)).encode())
    chunks: list[list[pa.Array]] = [[] for _ in names]
    count = size = 0
    block: list[Sequence[Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == _FETCHED:
            size += _write(block, chunks, digest)
            count += len(block)
            block = []
            check_size(count, len(names))
            if size > MAX_BYTES:
                raise TableTooLarge(f"the result has more than {bytes_text(MAX_BYTES)} of text; ask for less")
    if block:
        _write(block, chunks, digest)
    return [pa.chunked_array(pieces, pa.large_string()) for pieces in chunks], digest.hexdigest()


def _write(block: "Sequence[Sequence[Any]]", chunks: list[list[pa.Array]], digest: Any) -> int:
    size = 0
    for pieces, cells in zip(chunks, zip(*block, strict=True), strict=True):
        texts = list(map(cell_text, cells))
        digest.update(repr(texts).encode("utf-8", "backslashreplace"))
        pieces.append(text_array(texts))
        size += pieces[-1].nbytes
    return size


def _failure(error: Exception) -> str:
    """Say what went wrong, in our words: a driver's may quote the query, its cells or the password."""
    from sqlalchemy import exc  # noqa: PLC0415

    cause = f"{type(getattr(error, 'orig', None) or error).__name__}"
    if "readonly" in str(error).replace("-", "").replace("_", "").replace(" ", "").lower() or "ReadOnly" in cause:
        return "the query would write, and the database was opened for reading only; nothing was changed"
    if isinstance(error, exc.OperationalError) and not getattr(error, "statement", None):
        return f"the database cannot be reached ({cause}); check host, database, user and password of the URL"
    return f"the database refused the query ({cause}); try it in the database's own program, and check names and rights"
