from __future__ import annotations

import math
import re

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail_localize.fields import SynchronizedField

from helpportal.core.access import VisiblePageQuerySet

from ..addresses import is_reserved, reserved_message
from ..anchors import assign_anchors
from ..blocks import BodyBlock
from ..editing import EDIT as EDIT_FIELDS
from ..editing import PANELS as EDITING_PANELS
from ..editing import ArticleForm
from ..enums import CategoryIcon, Difficulty, Severity
from ..page_form import HelpPageForm
from ..publishing import CheckedPublishing
from ..references.panels import TemplatesPanel

WORDS_PER_MINUTE = 200
NOTHING_SAID = (Severity.NORMAL, "", True)


class HelpPage(CheckedPublishing, Page):
    """What every page of the portal has. Abstract: wagtail-localize does not support WAGTAIL_PAGE_MODEL."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences. Shown in lists, in search results and to search engines."),
    )
    search_keywords = models.TextField(
        _("search keywords"),
        max_length=500,
        blank=True,
        help_text=_("Other words that readers use for this, separated by commas, in this page's language."),
    )

    objects = PageManager.from_queryset(VisiblePageQuerySet)()
    base_form_class = HelpPageForm

    # A translation has its source's slug unless a translator gives it one of its own.
    override_translatable_fields = [SynchronizedField("slug")]

    class Meta:
        abstract = True

    def with_content_json(self, content):
        page = super().with_content_json(content)
        # Wagtail and treebeard looked these up for this page: whoever checks or saves the other need not do it again.
        for name in ("_cached_parent_obj", "_is_site_root"):
            if name in self.__dict__:
                setattr(page, name, self.__dict__[name])
        return page

    @staticmethod
    def _slug_is_available(slug, parent_page, page=None):
        # Wagtail asks here for a slug that it makes of the title.
        return Page._slug_is_available(slug, parent_page, page) and not is_reserved(slug, parent_page)

    def _check_slug_is_unique(self):
        # Wagtail checks the slug here for drafts too.
        if is_reserved(self.slug, self.get_parent()):
            raise ValidationError({"slug": reserved_message(self.slug)})
        super()._check_slug_is_unique()

    def can_move_to(self, parent):
        return super().can_move_to(parent) and not is_reserved(self.slug, parent)

    def serve(self, request, *args, **kwargs):
        from ..rendering import render_page

        return render_page(request, self)

    def serve_preview(self, request, mode_name):
        # Templates of the portal need more than Wagtail's own preview gives them.
        return self.serve(request)


class CategoryPage(HelpPage):
    """A shelf of articles; categories nest without limit."""

    icon = models.CharField(_("icon"), max_length=20, choices=CategoryIcon.choices, default=CategoryIcon.BOOK)
    sort_order = models.IntegerField(
        _("sort order"), default=0, help_text=_("Lower numbers come first; equal ones by title.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", heading=_("Description")),
        FieldPanel("icon"),
        FieldPanel("sort_order"),
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("search_keywords")]
    parent_page_types = ["home.HomePage", "content.CategoryPage"]
    subpage_types = ["content.CategoryPage", "content.ArticlePage"]
    template = "content/category_page.html"

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class ArticlePage(HelpPage):
    """One answer to one need of a reader."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    tags = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("tags"),
        default=list,
        blank=True,
        help_text=_("Separated by commas."),
    )
    product_versions = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("product versions"),
        default=list,
        blank=True,
        help_text=_("The versions this is about, separated by commas. Empty means all."),
    )
    difficulty = models.CharField(
        _("difficulty"), max_length=20, choices=Difficulty.choices, default=Difficulty.BEGINNER
    )
    sort_order = models.IntegerField(
        _("sort order"), default=0, help_text=_("Lower numbers come first; equal ones by title.")
    )
    reading_minutes = models.PositiveSmallIntegerField(_("reading time in minutes"), default=1, editable=False)
    # Of the draft's edit, not of the article: publishing turns them into an ArticleChange.
    change_severity = models.CharField(
        _("severity"),
        max_length=10,
        choices=Severity.choices,
        default=Severity.NORMAL,
        help_text=_("How much this edit changes what the article says."),
    )
    change_note = models.CharField(
        _("change note"), max_length=300, blank=True, help_text=_("What readers are told about this edit.")
    )
    ready_for_translation = models.BooleanField(
        _("ready for translation"), default=True, help_text=_("Translators are asked to take this edit over.")
    )

    base_form_class = ArticleForm
    content_panels = [
        TemplatesPanel(),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        *EDITING_PANELS,
    ]
    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel([FieldPanel("search_keywords"), FieldPanel("tags")], heading=_("Finding it")),
        MultiFieldPanel(
            [FieldPanel("product_versions"), FieldPanel("difficulty"), FieldPanel("sort_order")],
            heading=_("Classification"),
        ),
        InlinePanel("related_articles", label=_("Related article"), heading=_("Related articles"), max_num=8),
    ]
    parent_page_types = ["content.CategoryPage"]
    subpage_types: list[str] = []
    template = "content/article_page.html"
    override_translatable_fields = [
        *HelpPage.override_translatable_fields,
        SynchronizedField("change_severity", overridable=False),
        SynchronizedField("ready_for_translation", overridable=False),
        SynchronizedField("related_articles", overridable=False),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [GinIndex(fields=["tags"], name="articlepage_tags")]

    def clean(self) -> None:
        super().clean()
        assign_anchors(self.body)
        self.reading_minutes = reading_minutes(self.title, self.summary, *body_text(self.body))

    def save_revision(self, *args, **kwargs):
        self._forget_last_edit()
        return super().save_revision(*args, **kwargs)

    def _forget_last_edit(self) -> None:
        """Let a new edit begin without what the last publication said of its own.

        A program that writes a page and does not know these fields hands over what stands in the live row. What the
        editor's form was told is `describes_edit`, and holds even where it says the same again. A translation says
        what its source's edit says; wagtail-localize writes that into the live row before it makes the revision.
        """
        said = tuple(getattr(self, name) for name in EDIT_FIELDS)
        if self.pk is None or said == NOTHING_SAID or getattr(self, "describes_edit", False):
            return
        if self.locale.language_code != settings.SOURCE_LOCALE:
            return
        published = ArticlePage.objects.filter(pk=self.pk, live=True, latest_revision=models.F("live_revision"))
        before = published.values_list(*EDIT_FIELDS).first() or ()
        for name, value, nothing in zip(EDIT_FIELDS, before, NOTHING_SAID, strict=False):
            if getattr(self, name) == value:
                setattr(self, name, nothing)


class RelatedArticle(Orderable):
    """An article that an editor chose to show below another."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_articles")
    target = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="+", verbose_name=_("article"))

    panels = [PageChooserPanel("target", "content.ArticlePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")

    def clean(self) -> None:
        super().clean()
        if self.target_id and self.page_id and self.target_id == self.page_id:
            raise ValidationError({"target": _("Choose an article other than this one.")})


def body_text(body) -> list[str]:
    """Return the texts of a body, one for each part, without markup."""
    return [strip_tags(str(part)) for part in body.stream_block.get_searchable_content(body)]


def reading_minutes(*texts: str) -> int:
    """Return how many minutes reading takes at 200 words a minute, at least one."""
    words = sum(len(re.findall(r"\S+", text)) for text in texts)
    return max(1, math.ceil(words / WORDS_PER_MINUTE))
