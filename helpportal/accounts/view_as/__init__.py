"""Seeing the help centre as the members of a group see it, kept in the session of somebody of the staff."""
