from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PagePermissionTester, Site

from helpportal.content.models import HelpPage


class HomePage(HelpPage):
    """The front page of one tenant in one language; its family is the tenant's root."""

    heading = models.CharField(
        _("heading"), max_length=120, blank=True, help_text=_("The question above the search box.")
    )

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("summary")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.CategoryPage"]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def permissions_for_user(self, user):
        return HomePagePermissionTester(user, self)


class HomePagePermissionTester(PagePermissionTester):
    """Keeps a site's own front page where it is: a site goes with its root page, and with it all of a tenant."""

    def _is_root_of_site(self) -> bool:
        return Site.objects.filter(root_page=self.page.pk).exists()

    def can_delete(self, ignore_bulk=False):
        return super().can_delete(ignore_bulk) and not self._is_root_of_site()
