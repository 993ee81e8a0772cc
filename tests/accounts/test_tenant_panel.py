"""Superusers say on Wagtail's group form which tenant a group belongs to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup
from helpportal.accounts.services import tenant_group

pytestmark = pytest.mark.django_db

NO_PERMISSIONS = {
    f"{prefix}-{name}": value
    for prefix in ("page_permissions", "image_permissions", "document_permissions", "collection_permissions")
    for name, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}.items()
}


@pytest.fixture
def site() -> Site:
    return Site.objects.get()


def save(client, group: Group, **fields):
    data = {"name": group.name, **NO_PERMISSIONS, **{f"tenant_group-{name}": value for name, value in fields.items()}}
    return client.post(reverse("wagtailusers_groups:edit", args=[group.pk]), data)


def test_a_group_gets_its_tenant(admin_client, site):
    group = Group.objects.create(name="Night guards")
    form = admin_client.get(reverse("wagtailusers_groups:edit", args=[group.pk]))
    assert 'name="tenant_group-site"' in form.content.decode()
    assert save(admin_client, group, site=site.pk, role="reader", label="Guards").status_code == 302
    row = TenantGroup.objects.get(group=group)
    assert (row.site, row.role, row.label, row.locale) == (site, Role.READER, "Guards", None)


def test_a_tenant_is_changed_and_taken_away(admin_client, site):
    group = tenant_group(site, Role.READER, "Guards")
    assert save(admin_client, group, site=site.pk, role="reader", label="Night guards").status_code == 302
    assert TenantGroup.objects.get(group=group).label == "Night guards"
    assert save(admin_client, group, site="", role="", label="").status_code == 302
    assert not TenantGroup.objects.filter(group=group).exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": "", "label": "Guards"}, "A group of a tenant needs this."),
        ({"role": "reader", "label": ""}, "A group of a tenant needs this."),
        ({"role": "translator", "label": "Hindi"}, "A group of translators has a language"),
        ({"role": "reader", "label": "Taken"}, "already exists"),
    ],
)
def test_what_cannot_be_is_refused(admin_client, site, fields, message):
    tenant_group(site, Role.READER, "Taken")
    group = Group.objects.create(name="Night guards")
    response = save(admin_client, group, site=site.pk, **fields)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not TenantGroup.objects.filter(group=group).exists()


def test_a_new_group_may_have_a_tenant_from_the_start(admin_client, site):
    data = {
        "name": "Day guards",
        **NO_PERMISSIONS,
        "tenant_group-site": site.pk,
        "tenant_group-role": "reader",
        "tenant_group-label": "Day guards",
    }
    assert admin_client.post(reverse("wagtailusers_groups:add"), data).status_code == 302
    assert TenantGroup.objects.get(site=site, label="Day guards").group.name == "Day guards"
