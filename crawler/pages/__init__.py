"""How one page is read: HTML and an address in, an `Article` out, no input or output besides."""
