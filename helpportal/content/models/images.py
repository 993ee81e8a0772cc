from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from .preloading import PortalImageQuerySet


class PortalImage(AbstractImage):
    """An image of a tenant; its collection says whose."""

    admin_form_fields = Image.admin_form_fields
    objects = PortalImageQuerySet.as_manager()


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        indexes = [models.Index(fields=["file"], name="portalrendition_file")]
