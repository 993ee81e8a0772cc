"""WCAG 2.2 AA on the screens that the portal adds to Wagtail's admin."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from helpportal.accounts.models import TenantGroup, User
from helpportal.content.models import Fragment
from tests.browser.conftest import opened
from tests.browser.test_accessibility import EVERY_RULE, THEMES, WIDTHS

# Wagtail's own parts that axe complains about wherever Wagtail shows them: not ours to repaint.
WAGTAILS_OWN = [[".w-minimap__collapse-all"], [".button.no"], [".public-DraftEditor-content"]]
OPTIONS = {**EVERY_RULE, "rules": {"page-has-heading-one": {"enabled": False}}}  # its editors have no h1
FIND = "([exclude, options]) => axe.run({exclude}, options)"


@pytest.mark.browser
def test_axe_finds_nothing_on_our_admin_screens(browser: Browser, live_portal: str, tenant):
    fragment = Fragment.objects.create(
        site=tenant, title="Before you start", locale=tenant.root_page.locale, body=[("text", "<p>Sign in.</p>")]
    )
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    addresses = [
        reverse("wagtailsnippets_content_fragment:list"),
        reverse("wagtailsnippets_content_fragment:edit", args=[fragment.pk]),
        reverse("wagtailsettings:edit", args=["content", "tenantsettings", tenant.pk]),
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
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    for rule in page.evaluate(FIND, [WAGTAILS_OWN, OPTIONS])["violations"]:
                        complaints += [
                            f"{address} {width} {theme} {rule['id']} {n['html'][:120]}" for n in rule["nodes"]
                        ]
    assert complaints == []
