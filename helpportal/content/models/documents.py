from wagtail.documents.models import AbstractDocument, Document


class PortalDocument(AbstractDocument):
    """A file of a tenant; its collection says whose."""

    admin_form_fields = Document.admin_form_fields
