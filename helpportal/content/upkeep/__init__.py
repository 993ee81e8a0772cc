"""Upkeep: review dates, the archive, reports, bulk actions and the desk."""
