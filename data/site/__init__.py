"""What Datasette shows: one module a page, pure where it can be; templates and static files; one plugin joins them.

A page is a function of a read-only connection; it gives back a frozen dataclass whose rows a template lays out.
"""
