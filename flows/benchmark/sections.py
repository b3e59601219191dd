"""A report that several commands write to: each owns a section between two marks, and the rest stays as it is."""

from pathlib import Path


def put_section(path: Path, name: str, text: str) -> None:
    """Put a command's section into a report, in place of what it wrote before, else at the end.

    Args:
        path: The Markdown file; made with a title when it is new.
        name: Of the section, one word.
        text: Markdown without the marks.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = path.read_text(encoding="utf-8") if path.exists() else "# What was measured\n"
    if begin not in whole:
        whole = f"{whole.rstrip()}\n\n{begin}{end}\n"
    before, _, rest = whole.partition(begin)
    after = rest.partition(end)[2]
    path.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")
