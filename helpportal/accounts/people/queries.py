"""Reads about the people and groups that an administrator of a tenant looks after."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from wagtail.models import Page, PageViewRestriction, Site

from ..enums import Role
from ..models import TenantGroup, User
from ..roles import MANAGE_PEOPLE

MANAGING_CODENAME = MANAGE_PEOPLE.split(".", 1)[1]


def managed_sites(user) -> QuerySet[Site]:
    """Return the sites whose people the user looks after: where a group allows it; all for superusers."""
    if not user.is_authenticated or not user.is_active:
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.all()
    giving = TenantGroup.objects.staff().filter(
        group__user=user,
        group__permissions__codename=MANAGING_CODENAME,
        group__permissions__content_type__app_label=TenantGroup._meta.app_label,
    )
    return Site.objects.filter(pk__in=giving.values("site"))


def people_of(sites: QuerySet[Site]) -> QuerySet[User]:
    """Return who is in a group of these tenants. Superusers belong to the install and are never among them."""
    memberships = Group.user_set.through.objects.filter(group__tenant_group__site__in=sites, user=OuterRef("pk"))
    return User.objects.filter(Exists(memberships), is_superuser=False)


def with_groups_of(people: QuerySet[User], site: Site) -> QuerySet[User]:
    """Give each person `own_groups`: the groups of this tenant that they are in, in one query."""
    own = Group.objects.filter(tenant_group__site=site).select_related("tenant_group__locale")
    return people.prefetch_related(
        Prefetch("groups", queryset=own.order_by("tenant_group__label"), to_attr="own_groups")
    )


def belongs_elsewhere(person: User, site: Site) -> bool:
    """Return whether an account has rights outside of this tenant: it is then not this tenant's to change."""
    return (
        person.is_superuser
        or person.user_permissions.exists()
        or person.groups.exclude(tenant_group__site=site).exists()
    )


def groups_to_give(site: Site) -> QuerySet[TenantGroup]:
    """Return the groups of a tenant that its people may be in: the roles first, then the readers' groups."""
    return TenantGroup.objects.filter(site=site).order_by("pk").select_related("locale")


def other_administrators(site: Site, person: User) -> QuerySet[User]:
    """Return who else can sign in and looks after this tenant's people."""
    return User.objects.filter(
        groups__tenant_group__site=site,
        groups__tenant_group__role=Role.TENANT_ADMINISTRATOR,
        is_active=True,
        is_superuser=False,
    ).exclude(pk=person.pk)


def reader_groups(sites: QuerySet[Site]) -> QuerySet[TenantGroup]:
    """Return the readers' groups of these tenants; `members` and `restricted` count people and families of pages."""
    return (
        TenantGroup.objects.filter(site__in=sites, role=Role.READER)
        .annotate(
            members=Count("group__user", filter=Q(group__user__is_superuser=False), distinct=True),
            restricted=Count("group__pageviewrestriction__page__translation_key", distinct=True),
        )
        .order_by("label")
    )


def pages_kept_to(group: TenantGroup) -> list[Page]:
    """Return the pages whose audience names this group: of each family the first, which is the source's."""
    restrictions = PageViewRestriction.objects.filter(groups=group.group_id)
    pages = Page.objects.filter(view_restrictions__in=restrictions).order_by("path").distinct()
    return list({page.translation_key: page for page in reversed(pages)}.values())[::-1]
