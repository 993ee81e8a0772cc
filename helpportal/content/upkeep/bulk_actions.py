"""What the desk does with many pages at once."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page, Revision, Site
from wagtail_localize.models import Translation

from helpportal.accounts.models import TenantGroup

from ..audience import keep_to
from ..models import ArticlePage
from ..review.queries import site_of
from ..review.services import mark_ready_for_translation
from . import forms, services
from .bulk import DeskBulkAction, refuse_locked
from .permissions import may_archive, may_review
from .services import UpkeepRefusedError


class WithForm(DeskBulkAction):
    """An action whose form knows its user."""

    form_class = forms.DeskForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}


# --- Drafts -------------------------------------------------------------------------------------


class OfDrafts(WithForm):
    """An action on drafts, which says once of all of them what their edits are."""

    articles_only = False

    def draft_to_take(self, page: Page, user) -> Revision:
        """Return the draft of a page, with what the form says of it; raises UpkeepRefusedError where there is none."""
        refuse_locked(page, user)
        if page.live and not page.has_unpublished_changes:
            raise UpkeepRefusedError(_("It has no unpublished changes."))
        revision = page.get_latest_revision() or page.specific.save_revision(user=user)
        wanted = self.cleaned_form.values() if isinstance(page, ArticlePage) else {}
        if any(revision.content.get(name) != value for name, value in wanted.items()):
            # In the draft itself: another revision would be one that nobody has looked at, and that no check knows.
            revision.content = {**revision.content, **wanted}
            revision.save(update_fields=["content"])
        return revision


class SubmitAction(OfDrafts):
    display_name = gettext_lazy("Submit for review")
    action_type = "submit"
    aria_label = gettext_lazy("Submit selected pages for review")
    action_priority = 35
    form_class = forms.ChangeForm
    question = gettext_lazy("Submit these pages for review?")
    yes = gettext_lazy("Yes, submit")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_edit()

    def act(self, page, user, data):
        workflow = page.get_workflow()
        if workflow is None:
            raise UpkeepRefusedError(_("No workflow is set up for it."))
        if page.workflow_in_progress:
            raise UpkeepRefusedError(_("It is in review already."))
        self.draft_to_take(page, user)
        state = page.current_workflow_state
        if state is not None:
            # It was returned: the review goes on where it stopped.
            state.resume(user)
        else:
            workflow.start(page, user)

    def done(self, count):
        return ngettext(
            "%(count)d page is submitted for review.", "%(count)d pages are submitted for review.", count
        ) % {"count": count}


class PublishAction(OfDrafts):
    display_name = gettext_lazy("Publish")
    action_type = "publish"
    aria_label = gettext_lazy("Publish selected pages")
    action_priority = 40
    form_class = forms.PublishForm
    question = gettext_lazy("Publish these pages?")
    yes = gettext_lazy("Yes, publish")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_publish()

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not any(page.numchild for page in self.get_actionable_objects()[0]):
            del form.fields["include_descendants"]
        return form

    @classmethod
    def execute_action(cls, objects, action=None):
        count, below = 0, 0
        for page in objects:
            include = action.cleaned_form.cleaned_data.get("include_descendants")
            # A category that is live as it is may be chosen for what is below it.
            if not (include and page.live and not page.has_unpublished_changes):
                count += action.do(page)
            if include:
                for draft in page.get_descendants().not_live().defer_streamfields().specific():
                    if action.check_perm(draft):
                        below += action.do(draft)
                    else:
                        action.left_out.append(draft)
        return count, below

    def act(self, page, user, data):
        self.draft_to_take(page, user).publish(user=user)

    def done(self, count):
        return ngettext("%(count)d page is published.", "%(count)d pages are published.", count) % {"count": count}


class AddTagAction(WithForm):
    display_name = gettext_lazy("Add a tag")
    action_type = "add_tag"
    aria_label = gettext_lazy("Add a tag to selected articles")
    action_priority = 170
    form_class = forms.TagForm
    header_icon = "tag"
    question = gettext_lazy("Add a tag to the drafts of these articles? Readers see it once they are published.")
    yes = gettext_lazy("Add the tag")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_edit()

    @cached_property
    def translated(self) -> set:
        """Families and languages, of the chosen pages, that are edited through their source."""
        keys = {page.translation_key for page in self.get_actionable_objects()[0]}
        found = Translation.objects.filter(source__object_id__in=keys, enabled=True)
        return set(found.values_list("source__object_id", "target_locale_id"))

    def act(self, page, user, data):
        refuse_locked(page, user)
        if (page.translation_key, page.locale_id) in self.translated:
            raise UpkeepRefusedError(_("It is a translation: give the tag to the original article."))
        draft = page.get_latest_revision_as_object()
        if data["tag"] not in draft.tags:
            draft.tags = [*draft.tags, data["tag"]]
            draft.save_revision(user=user, log_action=True)

    def done(self, count):
        return ngettext(
            "The draft of %(count)d article has the tag.", "The drafts of %(count)d articles have the tag.", count
        ) % {"count": count}


class ReadyAction(WithForm):
    display_name = gettext_lazy("Ready for translation")
    action_type = "ready_for_translation"
    aria_label = gettext_lazy("Mark selected articles as ready for translation")
    action_priority = 180
    header_icon = "globe"
    question = gettext_lazy("May translators take over what is live of these articles?")
    yes = gettext_lazy("Yes, ready for translation")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_edit()

    def act(self, page, user, data):
        if not mark_ready_for_translation(page, user):
            reason = _("It is ready for translation already.") if page.live else _("It is not published.")
            raise UpkeepRefusedError(reason)

    def done(self, count):
        return ngettext(
            "%(count)d article is ready for translation.", "%(count)d articles are ready for translation.", count
        ) % {"count": count}


# --- Upkeep -------------------------------------------------------------------------------------


class ArchiveAction(WithForm):
    display_name = gettext_lazy("Archive")
    action_type = "archive"
    aria_label = gettext_lazy("Archive selected articles")
    action_priority = 55
    header_icon = "folder-inverse"
    question = gettext_lazy("Archive these articles in all their languages? Readers can still open them.")
    yes = gettext_lazy("Yes, archive")

    def check_perm(self, page):
        return may_archive(self.request.user, page)

    def act(self, page, user, data):
        services.archive_article(page, user)

    def done(self, count):
        return ngettext("%(count)d article is archived.", "%(count)d articles are archived.", count) % {"count": count}


class ReviewDateAction(WithForm):
    display_name = gettext_lazy("Set the review date")
    action_type = "set_review_date"
    aria_label = gettext_lazy("Set the review date of selected articles")
    action_priority = 140
    header_icon = "calendar-alt"
    form_class = forms.ReviewDatesForm
    question = gettext_lazy("Set the review date of these articles?")
    yes = gettext_lazy("Set the date")

    def check_perm(self, page):
        return may_review(self.request.user, page)

    def act(self, page, user, data):
        services.set_review_date(page, user, data["review_by"])

    def done(self, count):
        return ngettext(
            "The review date of %(count)d article is set.", "The review date of %(count)d articles is set.", count
        ) % {"count": count}


# --- People -------------------------------------------------------------------------------------


class OwnerAction(WithForm):
    display_name = gettext_lazy("Set the owner")
    action_type = "set_owner"
    aria_label = gettext_lazy("Set the owner of selected pages")
    action_priority = 150
    articles_only = False
    form_class = forms.OwnerForm
    header_icon = "user"
    question = gettext_lazy("Who looks after these pages?")
    yes = gettext_lazy("Set the owner")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_edit()

    def act(self, page, user, data):
        owner = data["owner"]
        if not owner.is_superuser and not _works_for(owner, site_of(page)):
            raise UpkeepRefusedError(_("%(name)s does not work in its help centre.") % {"name": owner})
        services.set_owner(page, user, owner)

    def done(self, count):
        return ngettext("The owner of %(count)d page is set.", "The owner of %(count)d pages is set.", count) % {
            "count": count
        }


def _works_for(person, site: Site | None) -> bool:
    return TenantGroup.objects.staff().filter(site=site, group__user=person).exists()


class AudienceAction(WithForm):
    display_name = gettext_lazy("Set the audience")
    action_type = "set_audience"
    aria_label = gettext_lazy("Set the audience of selected pages")
    action_priority = 160
    articles_only = False
    form_class = forms.AudienceForm
    header_icon = "group"
    question = gettext_lazy("Who may read these pages, in all their languages?")
    yes = gettext_lazy("Set the audience")

    def check_perm(self, page):
        return page.permissions_for_user(self.request.user).can_set_view_restrictions()

    def act(self, page, user, data):
        site = site_of(page)
        if any(group.tenant_group.site != site for group in data["groups"]):
            raise UpkeepRefusedError(_("Choose groups of its own help centre."))
        keep_to(page, data["groups"], user)

    def done(self, count):
        return ngettext("The audience of %(count)d page is set.", "The audience of %(count)d pages is set.", count) % {
            "count": count
        }


ACTIONS = [
    SubmitAction,
    PublishAction,
    ArchiveAction,
    ReviewDateAction,
    OwnerAction,
    AudienceAction,
    AddTagAction,
    ReadyAction,
]
