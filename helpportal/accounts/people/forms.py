"""Forms for a tenant's people and groups."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ..enums import Role
from ..models import TenantGroup, User
from .queries import groups_to_give
from .services import DETAILS

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class OwnGroupsField(forms.ModelMultipleChoiceField):
    """The groups of one tenant: its roles, then its readers' groups."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, site: Site):
        super().__init__(
            groups_to_give(site),
            label=_("Roles and groups"),
            help_text=_("Roles work in the admin. Readers' groups open the articles that are kept to them."),
            error_messages={"required": _("Choose at least one. To keep somebody out, deactivate the person.")},
        )

    def label_from_instance(self, obj: TenantGroup) -> str:
        return group_name(obj)


def group_name(group: TenantGroup) -> str:
    """Return what people call a group: a readers' group by its own name, a staff group by its role and language."""
    if group.role == Role.READER:
        return group.label
    role = str(Role(group.role).label)
    if group.locale is None:
        return role
    code = group.locale.language_code
    return f"{role} ({LANGUAGE_NAMES.get(code, code)})"


class PersonForm(forms.ModelForm):
    """Somebody's details and groups. The details of a shared account are shown by name only, and stay."""

    class Meta:
        model = User
        fields = list(DETAILS)

    def __init__(self, *args, site: Site, shared: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"] = OwnGroupsField(site)
        if shared:
            for name in DETAILS:
                del self.fields[name]
        if self.instance.pk:
            self.initial["groups"] = TenantGroup.objects.filter(site=site, group__user=self.instance)

    @property
    def details(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in DETAILS if name in self.cleaned_data}


class NewPersonForm(PersonForm):
    """A new account. Only its user name can be taken already, by whomever: the answer says no more than that."""

    class Meta(PersonForm.Meta):
        fields = ["username", *DETAILS]
        error_messages = {"username": {"unique": _("This user name is taken. Choose another one.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["email"].help_text = _(
            "A link to set a password is sent there. Without an address you are shown a first password, once."
        )

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(self._meta.error_messages["username"]["unique"])
        return username


class ReaderGroupForm(forms.ModelForm):
    """The name of a readers' group, unlike that of any other group of the tenant."""

    class Meta:
        model = TenantGroup
        fields = ["label"]

    def clean_label(self) -> str:
        label = " ".join(self.cleaned_data["label"].split())
        others = TenantGroup.objects.filter(site=self.instance.site, label__iexact=label).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a group of this name already."))
        return label
