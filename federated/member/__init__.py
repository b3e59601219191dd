"""The member's own house: its folder, its records and its command line."""
