"""Files on a disk that may be full or closed to us: whole or not there, and errors that name file and reason."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def os_sentence(error: OSError, where: Path | None = None) -> str:
    """Name the file and the reason.

    Args:
        error: What was raised.
        where: The folder that was worked in, for errors that do not know their file.
    """
    unknown = "a file" if where is None else f"a file in {where}"
    place = unknown if error.filename is None else str(error.filename)
    reason = error.strerror or str(error) or type(error).__name__
    return (
        f"{place} cannot be read or written: {reason}. Correct that and run the command again. "
        "파일을 읽거나 쓸 수 없습니다. 원인을 해결하고 다시 실행하십시오."
    )


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let errors of the operating system inside know the file or folder: those of writing do not by themselves.

    Raises:
        OSError: What was raised inside, with `path` where no file was named.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, which takes its name at the end: it is there whole, or not at all.

    Raises:
        OSError: It could not be written; the error names `path`.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        with naming(path):
            yield partial
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()
