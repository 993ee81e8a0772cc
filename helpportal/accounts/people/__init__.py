"""People and reader groups of a tenant, kept by its own administrators."""
