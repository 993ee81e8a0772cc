"""What the desk asks when it archives articles or sets their dates."""

from __future__ import annotations

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.models import Page

from helpportal.accounts.models import TenantGroup
from helpportal.accounts.people.forms import group_name
from helpportal.accounts.queries import staff_pages, staff_sites, tenant_groups

from ..enums import Severity
from ..models import ArticlePage


class ArchiveForm(forms.Form):
    """Asks for the article that readers of an archived one are sent to."""

    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=Page.objects.none(),
        required=False,
        help_text=_("Readers of the archived article are sent to this one. You can leave it empty."),
        error_messages={"invalid_choice": _("Choose an article of the same help centre.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        field.queryset = staff_pages(user).filter(articlepage__isnull=False)
        field.widget = AdminPageChooser(target_models=[ArticlePage])
        field.widget.choices = field.choices


class ReviewDateForm(forms.Form):
    """Asks for the day by which an article is read again."""

    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Somebody reads the article again by this day. Leave it empty to take the date away."),
    )

    def clean_review_by(self):
        day = self.cleaned_data["review_by"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("The review date has passed already. Choose a later one."))
        return day


# --- Bulk actions -------------------------------------------------------------------------------


class DeskForm(forms.Form):
    """A form that knows who fills it in."""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user


class ReviewDatesForm(DeskForm, ReviewDateForm):
    pass


class ChangeForm(DeskForm):
    """Asks once what the edits of all chosen drafts are; what is left empty stays as each draft says."""

    AS_IT_IS = ("", _("As each draft says"))

    severity = forms.ChoiceField(
        label=_("Severity"), choices=[AS_IT_IS, *Severity.choices], required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Change note"),
        max_length=300,
        required=False,
        help_text=_("What readers are told about these edits. Leave it empty to keep the note of each draft."),
    )
    ready = forms.ChoiceField(
        label=_("Ready for translation"),
        choices=[AS_IT_IS, ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def values(self) -> dict[str, object]:
        """Return what the drafts' fields become."""
        data = self.cleaned_data
        wanted: dict[str, object] = {}
        if data["severity"]:
            wanted["change_severity"] = data["severity"]
        if data["note"]:
            wanted["change_note"] = data["note"]
        if data["ready"]:
            wanted["ready_for_translation"] = data["ready"] == "yes"
        return wanted


class PublishForm(ChangeForm):
    include_descendants = forms.BooleanField(label=_("Publish the unpublished pages below them too"), required=False)


class OwnerForm(DeskForm):
    # Plain choices: they are the user's own colleagues, and the fence has no rule for people.
    owner = forms.ChoiceField(label=_("Owner"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people_of_the_desk(self.user)}
        names = [(key, get_user_display_name(person)) for key, person in self.people.items()]
        self.fields["owner"].choices = [("", "---------"), *names]

    def clean_owner(self):
        return self.people[self.cleaned_data["owner"]]


class GroupsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Group) -> str:
        return group_name(obj.tenant_group)


class AudienceForm(DeskForm):
    groups = GroupsField(
        label=_("Audience"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose nobody to open the pages to everybody."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = tenant_groups(staff_sites(self.user)).select_related("tenant_group__site", "tenant_group__locale")
        self.fields["groups"].queryset = groups.order_by("tenant_group__label")


class TagForm(DeskForm):
    tag = forms.CharField(label=_("Tag"), max_length=50)

    def clean_tag(self) -> str:
        tag = " ".join(self.cleaned_data["tag"].split())
        if "," in tag:
            raise forms.ValidationError(_("Enter one tag, without a comma."))
        return tag


def people_of_the_desk(user) -> QuerySet:
    """Return who works in the admin of the tenants whose staff the user is, and the superusers."""
    staff = TenantGroup.objects.staff().filter(site__in=staff_sites(user)).values("group")
    people = get_user_model().objects.filter(is_active=True)
    return people.filter(
        Q(is_superuser=True) | Q(pk__in=get_user_model().objects.filter(groups__in=staff).values("pk"))
    ).order_by("first_name", "last_name", "username")
