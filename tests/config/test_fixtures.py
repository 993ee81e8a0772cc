"""The test bed itself: seeded rows survive a committing test, the portal answers, the browser opens it."""

import httpx2
import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", [1, 2])
def test_committed_rows_do_not_reach_the_next_test(_turn, tenant):
    assert Site.objects.count() == 1
    assert Locale.objects.count() == 8
    assert Page.objects.filter(depth=2).count() == 8
    names = set(Group.objects.values_list("name", flat=True))
    assert "Watch" not in names
    assert not any(name.startswith("Renamed") for name in names)
    # Rows added, changed and deleted.
    watch = Group.objects.create(name="Watch")
    Group.objects.filter(pk=Group.objects.exclude(pk=watch.pk).first().pk).update(name="Renamed")
    Page.objects.filter(depth=2).delete()


def test_second_tenant_has_its_own_tree(tenant, second_tenant):
    assert tenant.root_page_id != second_tenant.root_page_id
    assert second_tenant.root_page.get_translations(inclusive=True).count() == 2
    assert tenant.root_page.get_translations(inclusive=True).count() == 8


def test_portal_answers_over_http(live_portal, tenant):
    response = httpx2.get(f"{live_portal}/admin/login/")
    assert response.status_code == 200


def test_browser_opens_the_portal(live_portal, tenant, page):
    response = page.goto(f"{live_portal}/admin/login/")
    assert response.status == 200
    assert Site.objects.count() == 1
