"""A tenant's administrators choose the steps of their own review."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site, Workflow, WorkflowPage

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.queries import tenant_workflow
from helpportal.content.models import ArticlePage, CategoryPage
from home.services import create_tenant
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
STEPS = "review_steps"


@pytest.fixture(scope="module", autouse=True)
def made(shared_rows) -> Callable[[], tuple[Site, Site]]:
    return shared_rows(make_sites)


def make_sites() -> tuple[Site, Site]:
    own, other = (create_tenant(f"{name}.example", name, ["en", "hi"]) for name in ("own", "other"))
    for role in (Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER, Role.TENANT_ADMINISTRATOR):
        staff(own, role, name=role)
    return own, other


@pytest.fixture
def sites(made, db) -> tuple[Site, Site]:
    return made()


@pytest.fixture
def site(sites) -> Site:
    return sites[0]


@pytest.fixture
def boss(site) -> Client:
    return browser("tenant_administrator")


def browser(name: str) -> Client:
    client = Client(headers={"host": "own.example"})
    client.force_login(User.objects.get(username=name))
    return client


def group(site: Site, role: Role, language: str | None = None) -> int:
    return TenantGroup.objects.get(site=site, role=role, locale__language_code=language).pk


def form(*rows: tuple[str, list[int], int], initial: int = 2, remove: int | None = None) -> dict[str, object]:
    """Return what the form sends: the rows that were there, and then new ones."""
    shown = tenant_workflow(Site.objects.get(hostname="own.example"))
    data: dict[str, object] = {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": initial}
    data["version"] = " ".join(str(task.pk) for task in shown.tasks) if shown else ""
    for number, (name, groups, place) in enumerate(rows):
        data |= {
            f"steps-{number}-name": name,
            f"steps-{number}-deciders": groups,
            f"steps-{number}-order": place,
            f"steps-{number}-days": 7,
        }
    if remove is not None:
        data[f"steps-{remove}-remove"] = "on"
    return data


def steps(site: Site) -> list[tuple[str, list[str]]]:
    return [
        (task.name, sorted(one.tenant_group.role for one in task.specific.groups.all()))
        for task in tenant_workflow(site).tasks
    ]


def submitted(site: Site) -> ArticlePage:
    shelf = site.root_page.specific.add_child(instance=CategoryPage(title="Shelf", slug="shelf"))
    page = shelf.add_child(instance=ArticlePage(title="Locks", slug="locks", live=False))
    author = User.objects.get(username="author")
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return page


def test_a_third_step_is_put_between_the_two(site, boss):
    page = boss.get(reverse(STEPS)).content.decode()
    assert "own: review" in page
    assert "Add a step" in page
    reviewer, publisher = group(site, Role.REVIEWER), group(site, Role.PUBLISHER)
    hindi = group(site, Role.TRANSLATOR, "hi")
    sent = form(("Review", [reviewer], 1), ("Publish", [publisher], 3), ("Language", [hindi, reviewer], 2))
    assert boss.post(reverse(STEPS), sent).status_code == 302
    assert steps(site) == [
        ("Review", ["reviewer"]),
        ("Language", ["reviewer", "translator"]),
        ("Publish", ["publisher"]),
    ]
    (entry,) = ModelLogEntry.objects.filter(action="content.review_steps.changed")
    assert entry.data["site"] == site.pk
    history = boss.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert "Review steps: Review, Language, Publish" in history


def test_a_text_at_a_step_that_goes_is_decided_there_and_goes_on(site, boss):
    page = submitted(site)
    reviewer, publisher = group(site, Role.REVIEWER), group(site, Role.PUBLISHER)
    boss.post(reverse(STEPS), form(("Review", [reviewer], 1), ("Publish", [publisher], 2), remove=0))
    assert steps(site) == [("Publish", ["publisher"])]
    state = page.current_workflow_state.current_task_state
    action = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    browser("reviewer").post(action)
    waiting = page.current_workflow_state.current_task_state
    assert waiting.task.name == "Publish"
    action = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", waiting.pk])
    browser("publisher").post(action)
    page.refresh_from_db()
    assert page.live


@pytest.mark.parametrize("wrong", ["no name", "no group", "none left", "foreign group", "readers' group", "changed"])
def test_what_cannot_be_is_refused_and_nothing_changes(sites, site, boss, wrong):
    before = steps(site)
    reviewer, publisher = group(site, Role.REVIEWER), group(site, Role.PUBLISHER)
    foreign = group(sites[1], Role.REVIEWER)
    first, second = ("Review", [reviewer], 1), ("Publish", [publisher], 2)
    sent = {
        "no name": form(("", [reviewer], 1), second),
        "no group": form(("Review", [], 1), second),
        "none left": form(first, second, remove=0) | {"steps-1-remove": "on"},
        "foreign group": form(("Review", [foreign], 1), second),
        "readers' group": form(("Review", [999999], 1), second),
        "changed": form(first, second) | {"version": "1 2"},
    }[wrong]
    answer = boss.post(reverse(STEPS), sent, follow=True)
    assert answer.status_code in (200, 404)
    assert steps(site) == before
    if answer.status_code == 200:
        assert "are saved" not in answer.content.decode()


def test_a_step_says_in_how_many_days_it_is_done(site, boss):
    reviewer, publisher = group(site, Role.REVIEWER), group(site, Role.PUBLISHER)
    sent = form(("Review", [reviewer], 1), ("Publish", [publisher], 2)) | {"steps-0-days": 3}
    boss.post(reverse(STEPS), sent)
    review = submitted(site).current_workflow_state.current_task_state.specific
    assert review.due_on == timezone.localdate() + datetime.timedelta(days=3)


def test_a_step_that_nobody_can_decide_is_warned_of(site, boss):
    reviewer, nobody = group(site, Role.REVIEWER), group(site, Role.TRANSLATOR, "hi")
    answer = boss.post(reverse(STEPS), form(("Review", [reviewer], 1), ("Hindi", [nobody], 2)), follow=True)
    assert "Nobody can decide at “Hindi”" in answer.content.decode()


def test_a_workflow_that_others_use_too_is_left_alone(sites, site, boss):
    shared = Workflow.objects.create(name="Shared")
    for one in sites:
        WorkflowPage.objects.filter(page=one.root_page).update(workflow=shared)
    WorkflowPage.objects.exclude(page__in=[one.root_page for one in sites]).delete()
    assert "used elsewhere too" in boss.get(reverse(STEPS)).content.decode()
    boss.post(reverse(STEPS), form(("Mine", [group(site, Role.REVIEWER)], 1), initial=0))
    assert list(shared.tasks) == []
    WorkflowPage.objects.all().delete()
    assert "has no workflow" in boss.get(reverse(STEPS)).content.decode()


@pytest.mark.parametrize("role", ["author", "reviewer", "publisher"])
def test_others_do_not_come_here(site, role):
    client = browser(role)
    assert client.get(reverse(STEPS)).status_code == 302
    assert client.post(reverse(STEPS), form()).status_code == 302
    assert reverse(STEPS) not in client.get(reverse("wagtailadmin_home")).content.decode()
