"""Contrast of colours, after WCAG 2.2."""

import re

HEX_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")


def relative_luminance(colour: str) -> float:
    """Return the relative luminance (0 black to 1 white) of a colour written `#rrggbb`.

    Formula: WCAG 2.2, "relative luminance". Raises ValueError for any other spelling.
    """
    if not HEX_COLOUR.match(colour):
        raise ValueError(f"not a colour in the form #rrggbb: {colour!r}")
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast ratio (1 to 21) of two colours written `#rrggbb`. Formula: WCAG 2.2, "contrast ratio"."""
    brighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
