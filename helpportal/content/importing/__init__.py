"""Bringing trees of Markdown documents into the portal, again and again.

A tree is read twice: first every file's head (who is it, where does it go), so that every page exists before any
link is written; then file by file, each page in a transaction of its own, so that memory stays flat and an import
that was interrupted is simply run again.
"""
