"""OpenFL's side of the benchmark's work."""
