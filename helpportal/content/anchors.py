"""Anchors of headings: made once from the heading's text, then kept."""

from django.utils.text import slugify


def anchor_for(text: str, taken: set[str]) -> str:
    """Return an anchor for a heading that none of `taken` has, and add it there."""
    base = slugify(text, allow_unicode=True)[:100] or "section"
    anchor, number = base, 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    taken.add(anchor)
    return anchor


def assign_anchors(body) -> None:
    """Fill in the missing and repeated anchors of a body's headings; those already given stay as they are."""
    headings = [block.value for block in body if block.block_type == "heading"]
    taken: set[str] = set()
    unnamed = []
    for heading in headings:
        anchor = heading.get("anchor") or ""
        if anchor and anchor not in taken:
            taken.add(anchor)
        else:
            unnamed.append(heading)
    for heading in unnamed:
        heading["anchor"] = anchor_for(heading.get("text") or "", taken)
