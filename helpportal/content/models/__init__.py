from .documents import PortalDocument
from .fragments import Fragment
from .images import PortalImage, PortalRendition
from .imports import ImportedDocument
from .pages import ArticlePage, CategoryPage, HelpPage, RelatedArticle
from .settings import TenantSettings

__all__ = [
    "ArticlePage",
    "CategoryPage",
    "Fragment",
    "HelpPage",
    "ImportedDocument",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "RelatedArticle",
    "TenantSettings",
]
