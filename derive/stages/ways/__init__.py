"""Ways to find an unknown: each a module with one function `way(search, name) -> Plan | None`."""
