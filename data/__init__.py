"""`Article`s and `Fact`s in, rows and pages out: the only code that opens SQLite."""
