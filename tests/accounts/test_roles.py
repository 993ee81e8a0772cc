"""The staff roles of a tenant: groups, permissions and the workflow, seeded idempotently."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from wagtail.models import GroupPagePermission, Locale, Workflow, WorkflowPage

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.queries import staff_pages, staff_sites, tenant_workflow
from helpportal.accounts.services import tenant_group
from helpportal.content.models import ArticlePage, CategoryPage, Fragment, TenantSettings
from home.models import HomePage
from home.services import create_tenant, sync_roles

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def sites(shared_rows):
    return shared_rows(lambda: create_tenant("a.example", "Tenant A", ["en", "hi"]))


@pytest.fixture
def site(db, sites):
    return sites()


@pytest.fixture
def category(site):
    return site.root_page.specific.add_child(instance=CategoryPage(title="Safety", slug="safety"))


@pytest.fixture
def hindi_category(category):
    translated = category.copy_for_translation(Locale.objects.get(language_code="hi"))
    translated.save_revision().publish()
    return translated


def member(site, role: Role, language: str | None = None) -> User:
    group = TenantGroup.objects.get(site=site, role=role, locale__language_code=language).group
    user = User.objects.create_user(f"{role}-{language or 'all'}-{site.pk}", password="x")
    user.groups.add(group)
    return user


def run(*args, **options) -> str:
    out = StringIO()
    call_command("sync_roles", *args, stdout=out, **options)
    return out.getvalue()


def test_each_role_has_a_group_and_translators_one_a_language(site):
    groups = {(row.role, row.locale and row.locale.language_code) for row in TenantGroup.objects.filter(site=site)}
    assert groups == {
        ("author", None),
        ("reviewer", None),
        ("publisher", None),
        ("tenant_administrator", None),
        ("translator", "en"),
        ("translator", "hi"),
    }


def test_a_second_run_adds_nothing_and_says_so(site):
    permissions = GroupPagePermission.objects.count()
    assert run("--site", "a.example") == "a.example:80  nothing to add\n"
    assert not sync_roles(site)
    assert GroupPagePermission.objects.count() == permissions


def test_without_a_site_it_repairs_every_tenant(site):
    create_tenant("b.example", "Tenant B", ["en"])
    TenantGroup.objects.filter(site__hostname="b.example", role=Role.AUTHOR).get().group.delete()
    output = run()
    assert "a.example:80  nothing to add" in output
    assert "b.example:80  added group Author" in output


def test_an_unknown_site_is_refused_with_those_that_are_there(site):
    with pytest.raises(CommandError, match=r"There is no site 'nowhere.example'. The sites are: a.example, localhost"):
        run("--site", "nowhere.example")


def test_what_somebody_added_by_hand_stays(site):
    group = TenantGroup.objects.get(site=site, role=Role.AUTHOR).group
    extra = Permission.objects.get(codename="add_redirect")
    group.permissions.add(extra)
    sync_roles(site)
    assert extra in group.permissions.all()


def test_a_preset_permission_that_is_missing_comes_back_and_is_named(site):
    group = TenantGroup.objects.get(site=site, role=Role.PUBLISHER).group
    GroupPagePermission.objects.filter(group=group, permission__codename="publish_page").delete()
    report = sync_roles(site)
    assert len(report.added) == 2
    assert all("publish_page below" in line for line in report.added)


def test_a_renamed_group_is_still_the_group_of_its_role(site):
    row = TenantGroup.objects.get(site=site, role=Role.AUTHOR)
    row.label = "Writers"
    row.save()
    row.group.name = "The writers"
    row.group.save()
    assert not sync_roles(site)


def test_a_readers_group_of_the_same_name_does_not_become_staff(site):
    TenantGroup.objects.get(site=site, role=Role.REVIEWER).group.delete()
    readers = tenant_group(site, Role.READER, "Reviewer")
    sync_roles(site)
    assert TenantGroup.objects.get(site=site, role=Role.REVIEWER).group != readers
    assert not readers.permissions.exists()
    assert TenantGroup.objects.get(group=readers).role == Role.READER


def test_a_readers_group_is_made_once(site):
    first = tenant_group(site, Role.READER, "Supervisors")
    assert tenant_group(site, Role.READER, "Supervisors") == first
    other = create_tenant("b.example", "Tenant B", ["en"])
    assert tenant_group(other, Role.READER, "Supervisors") != first


def test_a_staff_role_has_one_group_a_site(site):
    with pytest.raises(IntegrityError), transaction.atomic():
        tenant_group(site, Role.AUTHOR, "More authors")
    with pytest.raises(IntegrityError), transaction.atomic():
        tenant_group(site, Role.READER, "Readers of Hindi", Locale.objects.get(language_code="hi"))


def test_authors_write_in_the_source_language_and_do_not_publish(site, category, hindi_category):
    author = member(site, Role.AUTHOR)
    assert author.has_perm("wagtailadmin.access_admin")
    here = category.permissions_for_user(author)
    assert here.can_add_subpage()
    assert here.can_edit()
    assert not here.can_publish()
    assert not here.can_delete()
    assert not hindi_category.permissions_for_user(author).can_edit()


def test_translators_change_their_own_language_only(site, category, hindi_category):
    translator = member(site, Role.TRANSLATOR, "hi")
    assert hindi_category.permissions_for_user(translator).can_edit()
    assert not hindi_category.permissions_for_user(translator).can_publish()
    assert not category.permissions_for_user(translator).can_edit()
    assert translator.has_perm("wagtail_localize.submit_translation")


def test_reviewers_change_and_lock_but_neither_add_nor_publish(site, category, hindi_category):
    reviewer = member(site, Role.REVIEWER)
    for page in (category, hindi_category):
        permissions = page.permissions_for_user(reviewer)
        assert permissions.can_edit()
        assert permissions.can_lock()
        assert not permissions.can_add_subpage()
        assert not permissions.can_publish()


def test_publishers_publish_in_every_language_but_delete_no_branch(site, category, hindi_category):
    category.add_child(instance=ArticlePage(title="Locks", slug="locks"))
    publisher = member(site, Role.PUBLISHER)
    for page in (category, hindi_category):
        assert page.permissions_for_user(publisher).can_publish()
    assert not category.permissions_for_user(publisher).can_delete()
    assert category.permissions_for_user(member(site, Role.TENANT_ADMINISTRATOR)).can_delete()


def test_only_tenant_administrators_change_the_settings_of_their_own_site(site):
    other = create_tenant("b.example", "Tenant B", ["en"])
    policy = TenantSettings.get_permission_policy()
    administrator = member(site, Role.TENANT_ADMINISTRATOR)
    assert list(policy.sites_user_has_permission_for(administrator, "change")) == [site]
    assert not policy.user_has_permission_for_instance(administrator, "change", other)
    for role in (Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER):
        assert not policy.user_has_permission(member(site, role), "change")


def test_no_role_reaches_users_groups_sites_languages_or_workflows(site):
    of_the_install = {"user", "group", "site", "locale", "workflow", "task", "redirect"}
    for row in TenantGroup.objects.filter(site=site):
        assert not row.group.permissions.filter(content_type__model__in=of_the_install).exists()


def test_whose_staff_somebody_is(site, category):
    other = create_tenant("b.example", "Tenant B", ["en"])
    author = member(site, Role.AUTHOR)
    assert list(staff_sites(author)) == [site]
    assert category.page_ptr in staff_pages(author)
    assert other.root_page not in staff_pages(author)
    reader = User.objects.create_user("reader", password="x")
    reader.groups.add(tenant_group(site, Role.READER, "Guards"))
    assert list(staff_sites(reader)) == []
    assert not staff_pages(reader).exists()
    boss = User.objects.create_superuser("boss", password="x")
    assert other in staff_sites(boss)
    boss.is_active = False
    assert not staff_sites(boss).exists()
    assert not staff_pages(boss).exists()


def test_the_workflow_goes_from_review_to_publication(site, category):
    workflow = category.get_workflow()
    assert [task.specific.groups.get().tenant_group.role for task in workflow.tasks] == [Role.REVIEWER, Role.PUBLISHER]
    assert workflow == tenant_workflow(site)


def test_the_workflow_covers_every_language_and_type(site, category, hindi_category):
    article = category.add_child(instance=ArticlePage(title="Locks", slug="locks"))
    workflow = tenant_workflow(site)
    homes = HomePage.objects.filter(translation_key=site.root_page.translation_key)
    fragment = Fragment(site=site, title="Numbers", locale=Locale.get_default())
    for obj in (*homes, category, hindi_category, article, fragment):
        assert obj.get_workflow() == workflow


def test_tenants_have_workflows_of_their_own(site):
    other = create_tenant("b.example", "Tenant B", ["en"])
    assert tenant_workflow(site) != tenant_workflow(other)
    assert not (set(tenant_workflow(site).tasks) & set(tenant_workflow(other).tasks))


def test_a_workflow_that_somebody_chose_stays(site):
    own = Workflow.objects.create(name="Own")
    WorkflowPage.objects.filter(page=site.root_page).update(workflow=own)
    assert not sync_roles(site)
    assert WorkflowPage.objects.get(page=site.root_page).workflow == own


@pytest.mark.parametrize("kind", ["home", "category", "article", "fragment"])
def test_an_author_submits_a_reviewer_approves_a_publisher_puts_it_live(site, category, kind):
    author, reviewer, publisher = (member(site, role) for role in (Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER))
    text = {
        "home": lambda: site.root_page.specific,
        "category": lambda: category,
        "article": lambda: category.add_child(instance=ArticlePage(title="Locks", slug="locks", live=False)),
        "fragment": lambda: Fragment.objects.create(site=site, title="Locks", locale=Locale.get_default(), live=False),
    }[kind]()
    text.title = "Locks and keys"
    text.save_revision(user=author, clean=False)
    state = text.get_workflow().start(text, author)
    review = state.current_task_state
    assert not review.task.specific.get_actions(text, author)
    assert "approve" in {name for name, _label, _form in review.task.specific.get_actions(text, reviewer)}
    assert not review.task.specific.get_actions(text, publisher)
    review.specific.approve(user=reviewer)
    state.refresh_from_db()
    text.refresh_from_db()
    assert text.title != "Locks and keys" or not text.live
    state.current_task_state.specific.approve(user=publisher)
    text.refresh_from_db()
    assert text.live
    assert text.title == "Locks and keys"


def test_the_reviewers_of_one_tenant_have_no_say_in_another(site):
    other = create_tenant("b.example", "Tenant B", ["en"])
    page = other.root_page.specific
    page.save_revision()
    state = page.get_workflow().start(page, None)
    assert not state.current_task_state.task.specific.get_actions(page, member(site, Role.REVIEWER))


def test_group_names_hold_for_long_hosts():
    host = ".".join(["x" * 60] * 4)
    long = create_tenant(host, "Long", ["en"])
    assert Group.objects.filter(tenant_group__site=long).count() == 5
