"""How links are found: feeds, sitemaps, listing pages."""
