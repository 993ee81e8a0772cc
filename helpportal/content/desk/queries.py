"""What waits for one of the staff. Every list stays within the tenants whose staff they are."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Comment, CommentReply, GroupApprovalTask, Page, TaskState, WorkflowState

from helpportal.accounts.queries import staff_pages

from ..enums import Severity
from ..models import ArticleChange, Fragment, Notice, ReviewTask, Upkeep
from ..tenants import LANGUAGE_NAMES
from .rows import DeskList, DeskRow

SOON = 30  # days before its date that an article is shown
HOME_DEPTH = 2
COMMENT_LENGTH = 200

Subject = tuple[int, str]


# --- Review -------------------------------------------------------------------------------------


def to_review(user) -> DeskList:
    """Reviews that wait for the user's groups: those assigned to the user first, then nobody's, then colleagues'."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__current_task_state=F("pk"),
    )
    if not user.is_superuser:
        groups = user.groups.order_by().values("pk")
        own = Q()
        for model in (ReviewTask, GroupApprovalTask):
            own |= Q(task__in=model.objects.filter(active=True, groups__in=groups).order_by().values("pk"))
        states = states.filter(own)
    states = states.annotate(
        nearness=Case(
            When(reviewtaskstate__assignee=user, then=0),
            When(reviewtaskstate__assignee=None, then=1),
            default=2,
            output_field=IntegerField(),
        )
    ).order_by("nearness", F("reviewtaskstate__due_on").asc(nulls_last=True), "started_at", "pk")
    return DeskList(
        states.select_related("workflow_state__requested_by", "task", "reviewtaskstate__assignee"),
        lambda found: _review_rows(found, user),
    )


def _review_rows(states: Sequence[TaskState], user) -> list[DeskRow]:
    today = timezone.localdate()
    subjects = _subjects(state.workflow_state for state in states)
    rows = []
    for state in states:
        subject = subjects.get(_key(state.workflow_state))
        if subject is None:
            continue
        review = getattr(state, "reviewtaskstate", None)
        assignee, due = (review.assignee, review.due_on) if review else (None, None)
        notes = [state.task.name]
        if state.workflow_state.requested_by:
            notes.append(_("submitted by %(name)s") % {"name": _name(state.workflow_state.requested_by)})
        if assignee and assignee != user:
            notes.append(_("with %(name)s") % {"name": _name(assignee)})
        rows.append(
            _row(subject, ", ".join(notes), due=due, is_overdue=bool(due and due < today), is_mine=assignee == user)
        )
    return rows


def returned(user) -> DeskList:
    """Texts of the user that a reviewer sent back, the last first, with what the reviewer wrote."""
    return _own_workflows(user, WorkflowState.STATUS_NEEDS_CHANGES, "-current_task_state__finished_at")


def in_review(user) -> DeskList:
    """Texts of the user that wait for others, the longest first."""
    return _own_workflows(user, WorkflowState.STATUS_IN_PROGRESS, "current_task_state__started_at")


def _own_workflows(user, status: str, order: str) -> DeskList:
    owned = Q(base_content_type=ContentType.objects.get_for_model(Page)) & Exists(
        staff_pages(user).filter(owner=user, pk=Cast(OuterRef("object_id"), BigIntegerField()))
    )
    states = (
        WorkflowState.objects.filter(Q(requested_by=user) | owned, status=status)
        .select_related("current_task_state__finished_by", "current_task_state__task")
        .order_by(order, "pk")
    )
    return DeskList(states, _workflow_rows)


def _workflow_rows(states: Sequence[WorkflowState]) -> list[DeskRow]:
    subjects = _subjects(states)
    rows = []
    for state in states:
        subject, step = subjects.get(_key(state)), state.current_task_state
        if subject is None or step is None:
            continue
        note = _("by %(name)s") % {"name": _name(step.finished_by)} if step.finished_by else step.task.name
        rows.append(_row(subject, note, comment=step.comment))
    return rows


def _key(state: WorkflowState) -> Subject:
    return state.base_content_type_id, state.object_id


def _subjects(states: Iterable[WorkflowState]) -> dict[Subject, Page | Fragment]:
    """Return the pages and fragments that workflows are about: two queries at most."""
    wanted = defaultdict(list)
    for state in states:
        wanted[state.base_content_type_id].append(state.object_id)
    found: dict[Subject, Page | Fragment] = {}
    for model in (Page, Fragment):
        kind = ContentType.objects.get_for_model(model).pk
        if wanted[kind]:
            rows = model.objects.filter(pk__in=wanted[kind]).select_related("locale")
            found |= {(kind, str(row.pk)): row for row in rows}
    return found


# --- Drafts and comments ------------------------------------------------------------------------


def drafts(user) -> DeskList:
    """Pages whose last edit is the user's and not published, and that are in nobody's review."""
    under_way = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=Cast(OuterRef("pk"), WorkflowState._meta.get_field("object_id")),
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    pages = (
        staff_pages(user)
        .filter(~Exists(under_way), has_unpublished_changes=True, latest_revision__user=user)
        .select_related("locale")
        .order_by("-latest_revision_created_at", "pk")
    )
    return DeskList(pages, _draft_rows)


def _draft_rows(found: Sequence[Page]) -> list[DeskRow]:
    return [_row(page, _("changes to a live page") if page.live else _("not published yet")) for page in found]


def comments(user) -> DeskList:
    """Open comments of others on the user's pages, and open conversations that the user takes part in."""
    answers = CommentReply.objects.filter(comment=OuterRef("pk"))
    mine_with_answers = Q(user=user) & Exists(answers)
    on_own_pages = Q(page__owner=user) & ~Q(user=user)
    threads = (
        Comment.objects.filter(mine_with_answers | Exists(answers.filter(user=user)) | on_own_pages, resolved_at=None)
        .filter(page__in=staff_pages(user).order_by().values("pk"))
        .select_related("page__locale", "user")
        .annotate(answers=Count("replies"))
        .order_by("-updated_at", "-pk")
    )
    return DeskList(threads, _comment_rows)


def _comment_rows(found: Sequence[Comment]) -> list[DeskRow]:
    rows = []
    for comment in found:
        notes = [_name(comment.user)]
        if comment.answers:
            notes.append(_("answers: %(count)d") % {"count": comment.answers})
        row = _row(comment.page, ", ".join(notes), comment=comment.text[:COMMENT_LENGTH])
        rows.append(row)
    return rows


# --- What somebody owns -------------------------------------------------------------------------


def owned_families(user) -> QuerySet[Page]:
    """The live articles that the user owns, in the language they are written in, without the archived ones."""
    archived = Upkeep.objects.filter(translation_key=OuterRef("translation_key"), archived_at__isnull=False)
    return (
        staff_pages(user)
        .filter(~Exists(archived), owner=user, live=True, articlepage__isnull=False)
        .filter(locale__language_code=settings.SOURCE_LOCALE)
        .select_related("locale")
    )


def review_dates(user) -> DeskList:
    """The user's articles whose review date has come or comes soon, the earliest first."""
    today = timezone.localdate()
    dates = Upkeep.objects.filter(translation_key=OuterRef("translation_key")).values("review_by")
    pages = (
        owned_families(user)
        .annotate(review_by=Subquery(dates))
        .filter(review_by__lte=today + datetime.timedelta(days=SOON))
        .order_by("review_by", "title", "pk")
    )
    return DeskList(
        pages,
        lambda found: [_row(page, due=page.review_by, is_overdue=page.review_by < today) for page in found],
    )


def translations(user) -> DeskList:
    """The user's articles that lack a language of their tenant or are behind in one, the least done first."""
    home = Page.objects.filter(path=Substr(OuterRef("path"), 1, HOME_DEPTH * Page.steplen)).values("translation_key")
    wanted = _counted(Page.objects.filter(translation_key=OuterRef("home_family"), live=True))
    done = _counted(Page.objects.filter(translation_key=OuterRef("translation_key"), live=True, alias_of=None))
    pages = (
        owned_families(user)
        .annotate(home_family=Subquery(home[:1]))
        .annotate(wanted=Subquery(wanted), done=Subquery(done), changed_at=Subquery(_last_change()))
        .annotate(
            is_behind=Exists(
                Page.objects.filter(
                    translation_key=OuterRef("translation_key"),
                    live=True,
                    alias_of=None,
                    last_published_at__lt=OuterRef("changed_at"),
                ).exclude(locale__language_code=settings.SOURCE_LOCALE)
            )
        )
        .filter(Q(done__lt=F("wanted")) | Q(is_behind=True))
        .order_by("done", "title", "pk")
    )
    return DeskList(pages, _translation_rows)


def _counted(pages: QuerySet) -> QuerySet:
    return pages.order_by().values("translation_key").annotate(number=Count("pk")).values("number")


def _last_change() -> QuerySet:
    """When the page's text last changed so that its translations must follow."""
    changes = ArticleChange.objects.filter(page=OuterRef("pk"), ready_for_translation=True).exclude(
        severity=Severity.TYPO
    )
    return changes.order_by().values("page").annotate(at=Max("published_at")).values("at")


def _translation_rows(found: Sequence[Page]) -> list[DeskRow]:
    changed: dict[UUID, datetime.datetime | None] = {page.translation_key: page.changed_at for page in found}
    others = (
        Page.objects.filter(translation_key__in=changed, live=True, alias_of=None)
        .exclude(locale__language_code=settings.SOURCE_LOCALE)
        .order_by("translation_key", "locale__pk")
        .values_list("translation_key", "locale__language_code", "last_published_at")
    )
    behind = {
        key: [LANGUAGE_NAMES[code] for _key_, code, at in rows if changed[key] and at and at < changed[key]]
        for key, rows in groupby(others, key=lambda row: row[0])
    }
    rows = []
    for page in found:
        notes = [_("%(done)d of %(all)d languages") % {"done": page.done, "all": page.wanted}]
        if behind.get(page.translation_key):
            notes.append(_("behind: %(languages)s") % {"languages": ", ".join(behind[page.translation_key])})
        rows.append(_row(page, "; ".join(notes)))
    return rows


# --- Notices ------------------------------------------------------------------------------------


def unread_notices(user) -> int:
    """How many notices the user has not read in the admin."""
    return Notice.objects.filter(user=user, in_admin=True, read_at=None).count()


def _row(subject: Page | Fragment, note: str = "", **more) -> DeskRow:
    if isinstance(subject, Page):
        title, address = subject.get_admin_display_title(), "wagtailadmin_pages:edit"
    else:
        title, address = str(subject), "wagtailsnippets_content_fragment:edit"
    return DeskRow(
        title=title,
        url=reverse(address, args=[subject.pk]),
        language=LANGUAGE_NAMES.get(subject.locale.language_code, ""),
        note=note,
        **more,
    )


def _name(user) -> str:
    return get_user_display_name(user)
