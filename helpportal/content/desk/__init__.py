"""Your desk: what waits for one of the staff, on the admin's home and in lists of its own."""
