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
