"""What the desk does with one article's upkeep: archive, bring back, still correct, another review date."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ..models import ArticlePage
from . import services
from .forms import ArchiveForm, ReviewDateForm
from .permissions import may_archive, may_review
from .queries import upkeep_by_family


class OneArticle:
    """A view of one article; what stands in the way is said as a message, on the page one came from."""

    permission = None

    def setup(self, request: HttpRequest, page_id: int, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.article = ArticlePage.objects.filter(pk=page_id).first()
        if self.article is None:
            raise Http404
        self.next_url = get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=[page_id])

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.permission(request.user, self.article):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def upkeep(self):
        return upkeep_by_family([self.article.translation_key]).get(self.article.translation_key)

    def say(self, text: str) -> HttpResponse:
        messages.success(self.request, text % {"title": self.article.get_admin_display_title()})
        return redirect(self.next_url)

    def refuse(self, error: services.UpkeepRefusedError) -> HttpResponse:
        title = self.article.get_admin_display_title()
        messages.error(self.request, f"“{title}”: {' '.join(error.messages)}")
        return redirect(self.next_url)


class ArticleFormView(OneArticle, WagtailAdminTemplateMixin, FormView):
    """Asks something about one article."""

    def get_page_subtitle(self) -> str:
        return self.article.get_admin_display_title()

    def get_breadcrumbs_items(self):
        return []

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "page": self.article, "next_url": self.next_url, "media": context["form"].media}


class ArchiveView(ArticleFormView):
    form_class = ArchiveForm
    template_name = "content/upkeep/confirm_archive.html"
    page_title = gettext_lazy("Archive")
    header_icon = "folder-inverse"
    permission = staticmethod(may_archive)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form) -> HttpResponse:
        try:
            services.archive_article(self.article, self.request.user, form.cleaned_data["successor"])
        except services.UpkeepRefusedError as error:
            form.add_error("successor" if form.cleaned_data["successor"] else None, error)
            return self.form_invalid(form)
        return self.say(_("“%(title)s” is archived in all its languages."))


class RestoreView(OneArticle, WagtailAdminTemplateMixin, View):
    """Asks once more, and brings an article back."""

    template_name = "content/upkeep/confirm_restore.html"
    page_title = gettext_lazy("Bring back")
    header_icon = "rotate"
    permission = staticmethod(may_archive)

    def get_page_subtitle(self) -> str:
        return self.article.get_admin_display_title()

    def get_breadcrumbs_items(self):
        return []

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(page=self.article, next_url=self.next_url, upkeep=self.upkeep)
        )

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            services.restore_article(self.article, request.user)
        except services.UpkeepRefusedError as error:
            return self.refuse(error)
        return self.say(_("“%(title)s” is no longer archived."))


class ConfirmView(OneArticle, View):
    """Records that somebody found an article correct."""

    permission = staticmethod(may_review)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            upkeep = services.confirm_still_correct(self.article, request.user)
        except services.UpkeepRefusedError as error:
            return self.refuse(error)
        text = _("“%(title)s” is still correct. Its next review is due on %(date)s.")
        return self.say(text.replace("%(date)s", date_format(upkeep.review_by)))


class ReviewDateView(ArticleFormView):
    form_class = ReviewDateForm
    template_name = "content/upkeep/set_review_date.html"
    page_title = gettext_lazy("Set the review date")
    header_icon = "calendar-alt"
    permission = staticmethod(may_review)

    def get_initial(self):
        return {"review_by": self.upkeep.review_by if self.upkeep else None}

    def form_valid(self, form) -> HttpResponse:
        day = form.cleaned_data["review_by"]
        try:
            services.set_review_date(self.article, self.request.user, day)
        except services.UpkeepRefusedError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        if day is None:
            return self.say(_("“%(title)s” has no review date any more."))
        text = _("“%(title)s” is reviewed by %(date)s.")
        return self.say(text.replace("%(date)s", date_format(day)))
