from .documents import PortalDocument
from .external_links import ExternalAddress, ExternalLink
from .fragments import Fragment
from .images import PortalImage, PortalRendition
from .imports import ImportedDocument
from .internal_links import InternalLink
from .notices import Notice, NoticeChoice
from .pages import ArticlePage, CategoryPage, HelpPage, RelatedArticle
from .review import ArticleChange, ReviewTask, ReviewTaskState
from .settings import TenantSettings
from .upkeep import Upkeep

__all__ = [
    "ArticleChange",
    "ArticlePage",
    "CategoryPage",
    "ExternalAddress",
    "ExternalLink",
    "Fragment",
    "HelpPage",
    "ImportedDocument",
    "InternalLink",
    "Notice",
    "NoticeChoice",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "RelatedArticle",
    "ReviewTask",
    "ReviewTaskState",
    "TenantSettings",
    "Upkeep",
]
