"""Words in a column of numbers: ``N.D.`` (not detected), ``<0.1`` and other marks that come again and again.

One slip of the pen is no question: its row is set aside and reported. What was written several times means something,
and only the factory knows whether that is no value, or none of the substance.
"""

from data_contracts.cells.texts import stripped
from data_contracts.mapping.profile import ColumnProfile

__all__ = ["repeated_words"]

_FEWEST, _LEAST_SHARE = 3, 0.02  # cells with the same word, and their share
_MOST_WORDS = 3
_MOST_UNREAD = 0.5  # share of the cells; with more it is no column of numbers
_LONGEST = 20  # longer texts are remarks
_BELOW = ("<", "\uff1c", "≤")


def repeated_words(cells: ColumnProfile, decimal: str) -> tuple[tuple[str, int], ...]:
    """Return the words that stand several times among the numbers of a column, the most frequent first.

    Args:
        cells: the column.
        decimal: its mark before decimals.

    Returns:
        Each word, and how many cells hold it; at most a few. What has digits is a number that was written in another
        way, unless it says that the number is below a limit; a lone sign such as ``/`` or ``x`` is no word.
    """
    unread = cells.numbers_by(decimal).unread
    if not unread.any() or unread.sum() > _MOST_UNREAD * cells.filled:
        return ()
    among = {stripped(str(text)) for text in cells.sample[unread].dropna()}
    least = max(_FEWEST, _LEAST_SHARE * len(cells.cells))
    found = [(word, times) for word, times in cells.words if word in among and times >= least and _is_mark(word)]
    return tuple(found[:_MOST_WORDS])


def _is_mark(word: str) -> bool:
    letters = sum(sign.isalpha() for sign in word)
    plain = letters > word.isascii() and not any(sign.isdigit() for sign in word)  # a lone x is a sign, 무 is a word
    return len(word) <= _LONGEST and (plain or word.startswith(_BELOW))
