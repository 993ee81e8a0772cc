"""How an image is shown in a text."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import Filter, ResponsiveImage
from wagtail.images.shortcuts import get_renditions_or_not_found

from .models import PortalImage

# What browsers choose from, by the width that the image has on their screen.
FILTERS = tuple(Filter(spec=spec) for spec in Filter.expand_spec(["max-{1600x900,960x900,480x900}"]))


def img_tag(image: PortalImage, sizes: str, alt_text: str, *, is_decorative: bool) -> SafeString:
    """Return an image in the sizes that browsers choose from; makes those that are missing."""
    attributes = {
        "alt": "" if is_decorative else alt_text or image.default_alt_text,
        "sizes": sizes,
        "loading": "lazy",
        "decoding": "async",
    }
    return mark_safe(ResponsiveImage(get_renditions_or_not_found(image, FILTERS), attributes).__html__())  # noqa: S308
