"""Upkeep: review dates, the archive, the page list with its bulk actions, and the report of what is due."""
