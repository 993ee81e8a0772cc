"""The steps of a tenant's review, which its administrators choose: what they are, in which order, who decides."""
