from wagtail.documents.models import AbstractDocument, Document

from .preloading import PortalDocumentQuerySet


class PortalDocument(AbstractDocument):
    """A file of a tenant; its collection says whose."""

    admin_form_fields = Document.admin_form_fields
    objects = PortalDocumentQuerySet.as_manager()
