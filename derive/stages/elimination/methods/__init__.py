"""Methods of finding an unknown: each a module with one function `method(search, name) -> Plan | None`."""
