"""A source in, an `Article` out: finding links, fetching them politely, reading the pages."""
