"""A text in, `Fact`s out: no network, no clock, no files but the lexicon."""
