"""WCAG 2.2 AA on the screens that the portal adds to Wagtail's admin."""

from __future__ import annotations

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.services import tenant_group
from helpportal.content.enums import NoticeKind
from helpportal.content.models import Fragment, Upkeep
from helpportal.content.references.recording import record_article
from helpportal.content.review.notices import notify
from tests.browser.conftest import opened
from tests.browser.test_accessibility import THEMES, WIDTHS
from tests.factories.articles import article, block
from tests.factories.people import staff
from tests.factories.readers import restrict

# Wagtail's own parts that axe complains about wherever Wagtail shows them: not ours to repaint.
WAGTAILS_OWN = [
    [".w-minimap__collapse-all"],
    [".button.no"],
    [".button.serious"],
    [".public-DraftEditor-content"],
    [".page-status-tag"],
]
NO_HEADING = {"rules": {"page-has-heading-one": {"enabled": False}}}  # its editors have no h1
FIND = "([exclude, options]) => axe.run({exclude}, options)"


@pytest.mark.browser
@pytest.mark.long
def test_axe_finds_nothing_on_our_admin_screens(browser: Browser, live_portal: str, tenant):
    fragment = Fragment.objects.create(
        site=tenant, title="Before you start", locale=tenant.root_page.locale, body=[("text", "<p>Sign in.</p>")]
    )
    boss = User.objects.create_superuser("boss")
    client = Client()
    client.force_login(boss)
    notify(NoticeKind.RETURNED, [boss.pk], fragment, site=tenant, key="axe", comment="Sign in first?")
    # Another one: the lock of what is scheduled is among Wagtail's own complaints.
    planned = Fragment(site=tenant, title="In the rain", locale=fragment.locale, live=False)
    planned.go_live_at = timezone.now() + datetime.timedelta(days=1)
    planned.save()
    planned.save_revision(user=boss).publish()
    broken = article("Lock a gate", [block("text", '<p><a linktype="page" id="999999">the key</a></p>', "link")])
    article("Open a gate", [block("text", f'<p><a linktype="page" id="{broken.pk}">the lock</a></p>', "other")])
    record_article(broken.pk)
    waiting = tenant.root_page.specific
    waiting.save_revision(user=boss)
    waiting.get_workflow().start(waiting, boss)
    asha, guards = staff(tenant, Role.AUTHOR, name="asha"), tenant_group(tenant, Role.READER, "Guards")
    restrict(tenant.root_page, guards)
    day = timezone.localdate() - datetime.timedelta(days=1)
    Upkeep.objects.create(site=tenant, translation_key=broken.translation_key, review_by=day)
    addresses = [
        reverse("wagtailadmin_explore", args=[broken.get_parent().pk]),
        reverse("upkeep_report"),
        reverse("upkeep_archive", args=[broken.pk]),
        reverse("wagtailsnippets_content_fragment:list"),
        reverse("wagtailsnippets_content_fragment:edit", args=[fragment.pk]),
        reverse("wagtailsettings:edit", args=["content", "tenantsettings", tenant.pk]),
        reverse("notices"),
        reverse("calendar"),
        reverse("broken_links"),
        reverse("wagtailadmin_pages:unpublish", args=[broken.pk]),
        reverse("wagtailadmin_home"),
        reverse("desk_section", args=["to-review"]),
        reverse("people:index"),
        reverse("people:edit", args=[asha.pk]),
        reverse("people:deactivate", args=[asha.pk]),
        reverse("people:groups"),
        reverse("people:delete_group", args=[guards.tenant_group.pk]),
        reverse("review_steps"),
        reverse("wagtailusers_groups:edit", args=[TenantGroup.objects.filter(site=tenant).first().group_id]),
    ]
    complaints = []
    with opened(browser, reduced_motion="reduce") as (context, page, _console):
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_portal}
        context.add_cookies([session])
        for address in addresses:
            response = page.goto(live_portal + address)
            assert response.status == 200
            page.evaluate(Axe().axe_script)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                for theme, options in THEMES.items():
                    page.emulate_media(color_scheme=theme)
                    for rule in page.evaluate(FIND, [WAGTAILS_OWN, {**options, **NO_HEADING}])["violations"]:
                        complaints += [
                            f"{address} {width} {theme} {rule['id']} {n['html'][:120]}" for n in rule["nodes"]
                        ]
    assert complaints == []
