"""What a record is: contracts, their enforcement, the statistics and the versions of a member's data."""
