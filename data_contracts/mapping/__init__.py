"""Which column of a factory's file is which column of the contract: proposed, asked where doubtful, kept as a file."""
