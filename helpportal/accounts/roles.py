"""What each staff role may do, as data. `services.grant_roles` puts it into a tenant's groups.

Authors write in the source language and translators change their own language: the others work in all.
Nobody but a superuser manages users, groups, workflows, sites and languages with Wagtail's own screens: those are the
install's. Tenant administrators look after their own people, readers' groups and review steps on screens of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .enums import Role


class Reach(Enum):
    """Which of a tenant's languages a role works in."""

    SOURCE = "the source language"
    OWN = "the language of the group"
    ALL = "every language of the tenant"


@dataclass(frozen=True)
class Preset:
    """Permissions of one role, as `app_label.codename`."""

    reach: Reach
    pages: tuple[str, ...] = ()  # on the tenant's home pages, and so on everything below them
    collection: tuple[str, ...] = ()  # on the tenant's collection
    site: tuple[str, ...] = ()  # on the tenant's site
    everywhere: tuple[str, ...] = field(default=())  # plain permissions; the admin scopes what they reach


ACCESS = "wagtailadmin.access_admin"
TRANSLATE = "wagtail_localize.submit_translation"
MANAGE_PEOPLE = "accounts.change_tenantgroup"
CHOOSE = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
ADD = ("wagtailimages.add_image", "wagtaildocs.add_document")
CHANGE = ("wagtailimages.change_image", "wagtaildocs.change_document")
COLLECTIONS = ("wagtailcore.add_collection", "wagtailcore.change_collection", "wagtailcore.delete_collection")

PRESETS: dict[Role, Preset] = {
    Role.AUTHOR: Preset(
        reach=Reach.SOURCE,
        pages=("wagtailcore.add_page", "wagtailcore.change_page"),
        collection=(*CHOOSE, *ADD),
        everywhere=(ACCESS, TRANSLATE, "content.add_fragment", "content.change_fragment"),
    ),
    Role.REVIEWER: Preset(
        reach=Reach.ALL,
        pages=("wagtailcore.change_page", "wagtailcore.lock_page", "wagtailcore.unlock_page"),
        collection=CHOOSE,
        everywhere=(ACCESS, "content.change_fragment", "content.lock_fragment", "content.unlock_fragment"),
    ),
    Role.PUBLISHER: Preset(
        reach=Reach.ALL,
        pages=(
            "wagtailcore.add_page",
            "wagtailcore.change_page",
            "wagtailcore.publish_page",
            "wagtailcore.lock_page",
            "wagtailcore.unlock_page",
        ),
        collection=(*CHOOSE, *ADD, *CHANGE),
        everywhere=(
            ACCESS,
            TRANSLATE,
            "content.add_fragment",
            "content.change_fragment",
            "content.publish_fragment",
            "content.lock_fragment",
            "content.unlock_fragment",
        ),
    ),
    Role.TRANSLATOR: Preset(
        reach=Reach.OWN,
        pages=("wagtailcore.change_page",),
        collection=(*CHOOSE, *ADD),
        everywhere=(ACCESS, TRANSLATE, "content.change_fragment"),
    ),
    Role.TENANT_ADMINISTRATOR: Preset(
        reach=Reach.ALL,
        pages=(
            "wagtailcore.add_page",
            "wagtailcore.change_page",
            "wagtailcore.publish_page",
            "wagtailcore.bulk_delete_page",
            "wagtailcore.lock_page",
            "wagtailcore.unlock_page",
        ),
        collection=(*CHOOSE, *ADD, *CHANGE, *COLLECTIONS),
        site=("content.change_tenantsettings",),
        everywhere=(
            ACCESS,
            TRANSLATE,
            MANAGE_PEOPLE,
            "content.add_fragment",
            "content.change_fragment",
            "content.delete_fragment",
            "content.publish_fragment",
            "content.lock_fragment",
            "content.unlock_fragment",
        ),
    ),
}
