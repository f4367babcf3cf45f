"""One spaCy component a file; each annotates the Doc and builds no rows."""
