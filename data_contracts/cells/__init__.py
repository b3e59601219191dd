"""What a cell's text says: a number, a moment, a word of a vocabulary, or nothing; and what was changed to read it."""
