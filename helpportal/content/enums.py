from django.db import models
from django.utils.translation import gettext_lazy as _


class Difficulty(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class CalloutKind(models.TextChoices):
    NOTE = "note", _("Note")
    TIP = "tip", _("Tip")
    WARNING = "warning", _("Warning")


class CategoryIcon(models.TextChoices):
    """Icons in static/icons/icons.svg: the symbol is named as the value."""

    BOOK = "book", _("Book")
    COMPASS = "compass", _("Compass")
    PENCIL = "pencil", _("Pencil")
    LANGUAGES = "languages", _("Languages")
    GEAR = "gear", _("Gear")
    PEOPLE = "people", _("People")
    CLIPBOARD = "clipboard", _("Clipboard")
    CLOCK = "clock", _("Clock")
    SHIELD = "shield", _("Shield")
    BOX = "box", _("Box")
    CODE = "code", _("Code")
    CHAT = "chat", _("Chat")


class Severity(models.TextChoices):
    """How much an edit changes what a live article says."""

    TYPO = "typo", _("Typo")
    NORMAL = "normal", _("Normal")
    MAJOR = "major", _("Major")


class NoticeKind(models.TextChoices):
    ASSIGNED = "assigned", _("A review is assigned to you")
    RETURNED = "returned", _("Your text is returned")
    APPROVED = "approved", _("Your text is approved")
    PUBLISHED = "published", _("Your text is published")
    REVIEW_DUE = "review_due", _("An article of yours is due for review")


class OverdueRule(models.TextChoices):
    """What happens to an article that nobody has read again long after its day."""

    FLAG = "flag", _("Tell readers that it may be out of date")
    ARCHIVE = "archive", _("Archive it")
    NOTHING = "nothing", _("Nothing")


class DueState(models.TextChoices):
    """How near the day is by which an article is read again."""

    LATER = "later", _("Later")
    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


class LinkState(models.TextChoices):
    UNCHECKED = "unchecked", _("Not checked yet")
    WORKS = "works", _("Works")
    MOVED = "moved", _("Moved")
    BROKEN = "broken", _("Broken")
    UNREACHABLE = "unreachable", _("Could not be reached")
    REFUSED = "refused", _("Never checked")


class LinkTarget(models.TextChoices):
    """What an internal link names."""

    PAGE = "page", _("Page")
    DOCUMENT = "document", _("Document")
    IMAGE = "image", _("Image")


class BrokenLinkKind(models.TextChoices):
    """What a broken link should have led to."""

    PAGE = "page", _("Page")
    ARCHIVED = "archived", _("Archived article")
    SECTION = "section", _("Section of a page")
    DOCUMENT = "document", _("Document")
    IMAGE = "image", _("Image")
    EXTERNAL = "external", _("Other site")
