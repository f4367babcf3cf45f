"""The invented news web of `blotter demo`: its pages and a small server on loopback."""
