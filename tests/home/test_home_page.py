"""A site's own front page stays: the site, and all of a tenant, would go with it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import User
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


def delete(client: Client, page: Page, *, bulk: bool):
    if bulk:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        return client.post(f"{url}?id={page.pk}&next=/admin/")
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("administrator", ["of the tenant", "of the install"])
def test_the_front_page_of_a_site_cannot_be_deleted(client: Client, tenant, administrator, bulk):
    if administrator == "of the tenant":
        user = staff(tenant, Role.TENANT_ADMINISTRATOR)
    else:
        user = User.objects.create_superuser("boss")
    client.force_login(user)
    delete(client, tenant.root_page, bulk=bulk)
    assert Site.objects.filter(pk=tenant.pk).exists()
    assert Page.objects.filter(pk=tenant.root_page_id).exists()


def test_a_language_can_be_given_up(client: Client, tenant):
    client.force_login(User.objects.create_superuser("boss"))
    bengali = tenant.root_page.get_translations().get(locale__language_code="bn")
    delete(client, bengali, bulk=False)
    assert not Page.objects.filter(pk=bengali.pk).exists()
    assert client.get("/bn/").status_code == 302
