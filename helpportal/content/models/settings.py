from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Collection

from helpportal.core.colour import HEX_COLOUR, contrast_ratio

from ..enums import OverdueRule

MINIMUM_CONTRAST = 4.5  # WCAG 2.2 AA for text
# What the brand colour is shown on: static/css/tokens.css has the same two values.
LIGHT_SURFACE = "#ffffff"
DARK_SURFACE = "#14181d"


def validate_colour(value: str) -> None:
    if not HEX_COLOUR.match(value):
        raise ValidationError(_("Enter a colour as # and six hexadecimal digits, for example #0b5cad."))


@register_setting(icon="cog")
class TenantSettings(BaseSiteSetting):
    """A tenant's name, look, language and support contact."""

    name = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("Shown in the header and in page titles.")
    )
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    colour = models.CharField(
        _("brand colour"),
        max_length=7,
        default="#0b5cad",
        validators=[validate_colour],
        help_text=_("For links and buttons in light mode."),
    )
    dark_colour = models.CharField(
        _("brand colour in dark mode"),
        max_length=7,
        default="#7cb8ff",
        validators=[validate_colour],
        help_text=_("For links and buttons in dark mode."),
    )
    default_language = models.CharField(
        _("default language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("For readers whose browser asks for no language that the portal has."),
    )
    support_email = models.EmailField(_("support e-mail address"), blank=True)
    support_phone = models.CharField(_("support telephone number"), max_length=40, blank=True)
    support_url = models.URLField(_("support page"), blank=True)

    review_months = models.PositiveSmallIntegerField(
        _("months between reviews"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("After “Still correct” an article is due again in so many months."),
    )
    overdue_rule = models.CharField(
        _("overdue articles"), max_length=10, choices=OverdueRule.choices, default=OverdueRule.NOTHING
    )
    overdue_days = models.PositiveSmallIntegerField(
        _("days until then"),
        default=30,
        validators=[MaxValueValidator(3650)],
        help_text=_("How many days after its review date this happens to an article."),
    )

    collection = models.OneToOneField(
        Collection,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="tenant_settings",
        help_text=_("Where the tenant's images and documents are kept."),
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("logo")], heading=_("Identity")),
        MultiFieldPanel([FieldPanel("colour"), FieldPanel("dark_colour")], heading=_("Look")),
        FieldPanel("default_language"),
        MultiFieldPanel(
            [FieldPanel("support_email"), FieldPanel("support_phone"), FieldPanel("support_url")],
            heading=_("Support contact"),
        ),
        MultiFieldPanel(
            [FieldPanel("review_months"), FieldPanel("overdue_rule"), FieldPanel("overdue_days")],
            heading=_("Upkeep"),
        ),
    ]

    class Meta:
        verbose_name = _("portal settings")

    def clean(self) -> None:
        super().clean()
        errors = {}
        for name, surface in (("colour", LIGHT_SURFACE), ("dark_colour", DARK_SURFACE)):
            value = getattr(self, name)
            if HEX_COLOUR.match(value or ""):
                ratio = contrast_ratio(value, surface)
                if ratio < MINIMUM_CONTRAST:
                    errors[name] = _(
                        "Text in this colour is hard to read: its contrast with the page is %(ratio).1f, "
                        "and %(minimum).1f is needed."
                    ) % {"ratio": ratio, "minimum": MINIMUM_CONTRAST}
        if errors:
            raise ValidationError(errors)
