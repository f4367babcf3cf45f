"""The command line of Blotter: joins the crawler, the extractor and the store."""
