"""People and groups in the admin, for the administrators of a tenant. Nobody reaches past their own tenant here."""

from __future__ import annotations

from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Site

from ..enums import Role
from ..models import User
from . import services
from .forms import NewPersonForm, PersonForm, group_name
from .mail import send_password_link
from .managing import ManagedSiteMixin, OwnIndexView
from .queries import belongs_elsewhere, people_of, with_groups_of

PEOPLE_CRUMB = {"url": reverse_lazy("people:index"), "label": gettext_lazy("People")}


class PeopleView(OwnIndexView):
    """Everybody who has a role or a group of this tenant."""

    model = User
    page_title = gettext_lazy("People")
    header_icon = "user"
    index_url_name = "people:index"
    index_results_url_name = "people:index_results"
    add_url_name = "people:add"
    edit_url_name = "people:edit"
    add_item_label = gettext_lazy("Add a person")
    # Not by e-mail address: those of shared accounts are nobody's business here.
    search_fields = ["username", "first_name", "last_name"]
    default_ordering = "username"
    verbose_name_plural = gettext_lazy("people")

    @cached_property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "name",
                label=gettext_lazy("Name"),
                accessor=lambda person: person.get_full_name() or person.get_username(),
                get_url=self.get_edit_url,
                sort_key="last_name",
                classname="people-name",
            ),
            Column("username", label=gettext_lazy("User name"), sort_key="username"),
            Column("roles", label=gettext_lazy("Roles and groups"), accessor=names_of_groups),
            StatusTagColumn(
                "state",
                label=gettext_lazy("State"),
                accessor=lambda person: _("active") if person.is_active else _("deactivated"),
                primary=lambda person: person.is_active,
            ),
            DateColumn("last_login", label=gettext_lazy("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self):
        return with_groups_of(people_of(Site.objects.filter(pk=self.site.pk)), self.site)

    @cached_property
    def header_buttons(self):
        groups = HeaderButton(_("Readers' groups"), url=reverse("people:groups"), icon_name="group")
        return [*super().header_buttons, groups]


def names_of_groups(person: User) -> str:
    """Say in which groups of the tenant somebody is, roles first. Expects `own_groups`."""
    rows = sorted(
        (group.tenant_group for group in person.own_groups), key=lambda row: (row.role == Role.READER, row.pk)
    )
    return ", ".join(group_name(row) for row in rows)


class PersonFormView(ManagedSiteMixin, WagtailAdminTemplateMixin, FormView):
    template_name = "accounts/people/person.html"
    header_icon = "user"
    list_crumb = PEOPLE_CRUMB
    submit_button_label = gettext_lazy("Save")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "site": self.site}

    def get_context_data(self, **kwargs):
        return super().get_context_data(submit_button_label=self.submit_button_label, **kwargs)

    def refuse(self, form, error: services.PeopleError) -> HttpResponse:
        form.add_error(None, str(error))
        return self.form_invalid(form)

    def form_invalid(self, form) -> HttpResponse:
        messages.validation_error(self.request, _("This could not be saved."), form)
        return super().form_invalid(form)

    def hand_over(self, person: User) -> HttpResponse:
        """Send the link to set a password, or show a first one to somebody who has no e-mail address."""
        if not person.email:
            password = services.set_first_password(self.site, person, by=self.request.user)
            return show_password(self.request, person, password)
        send_link(self.request, person, self.site)
        return redirect("people:index")


class AddPersonView(PersonFormView):
    form_class = NewPersonForm
    page_title = gettext_lazy("Add a person")
    submit_button_label = gettext_lazy("Add")

    def form_valid(self, form) -> HttpResponse:
        person = services.add_person(
            self.site,
            form.cleaned_data["username"],
            form.details,
            form.cleaned_data["groups"],
            by=self.request.user,
        )
        messages.success(self.request, _("%(name)s is added.") % {"name": display_name(person)})
        return self.hand_over(person)


class OnePersonMixin:
    """Finds the person of this tenant that an address names."""

    @cached_property
    def person(self) -> User:
        own = people_of(Site.objects.filter(pk=self.site.pk))
        return get_object_or_404(own, pk=self.kwargs["person_id"])

    @cached_property
    def is_shared(self) -> bool:
        return belongs_elsewhere(self.person, self.site)


class EditPersonView(OnePersonMixin, PersonFormView):
    form_class = PersonForm

    def get_page_title(self):
        return display_name(self.person)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.person, "shared": self.is_shared}

    def get_context_data(self, **kwargs):
        return super().get_context_data(person=self.person, is_shared=self.is_shared, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        by = self.request.user
        try:
            # Afresh: the form has put what was typed into its own instance.
            stored = User.objects.get(pk=self.person.pk)
            with transaction.atomic():
                services.set_groups(self.site, stored, form.cleaned_data["groups"], by=by)
                services.change_person(self.site, stored, form.details, by=by)
        except services.PeopleError as error:
            return self.refuse(form, error)
        messages.success(self.request, _("%(name)s is saved.") % {"name": display_name(self.person)})
        return redirect("people:index")


class PersonActionView(OnePersonMixin, ManagedSiteMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks whether to do something to a person, and does it."""

    template_name = "accounts/people/confirm.html"
    header_icon = "user"
    list_crumb = PEOPLE_CRUMB
    question = ""
    button_label = ""
    done = ""
    is_serious = False

    def get_page_subtitle(self):
        return display_name(self.person)

    def get_question(self) -> str:
        return self.question

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self.get_question(),
            button_label=self.button_label,
            is_serious=self.is_serious,
            back_url=reverse("people:edit", args=[self.person.pk]),
            **kwargs,
        )

    def act(self) -> HttpResponse | None:
        """Do it; an answer of its own takes the place of the list."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            answer = self.act()
        except services.PeopleError as error:
            messages.error(request, str(error))
            return redirect("people:edit", self.person.pk)
        if self.done:
            messages.success(request, self.done % {"name": display_name(self.person)})
        return answer or redirect("people:index")


class DeactivateView(PersonActionView):
    page_title = gettext_lazy("Deactivate")
    button_label = gettext_lazy("Deactivate")
    done = gettext_lazy("%(name)s can no longer work here.")
    is_serious = True

    def get_question(self) -> str:
        if self.is_shared:
            return _("This person loses every role and group of this help centre. The account itself stays.")
        return _("This person can no longer sign in. Roles and groups are kept for the day you activate the account.")

    def act(self) -> None:
        services.deactivate(self.site, self.person, by=self.request.user)


class ReactivateView(PersonActionView):
    page_title = gettext_lazy("Activate")
    question = gettext_lazy("This person can sign in again, with the roles and groups of before.")
    button_label = gettext_lazy("Activate")
    done = gettext_lazy("%(name)s can sign in again.")

    def act(self) -> None:
        services.reactivate(self.site, self.person, by=self.request.user)


class SendLinkView(PersonActionView):
    page_title = gettext_lazy("Send a link to set a password")
    question = gettext_lazy("A mail with a link is sent. Until it is used the old password holds.")
    button_label = gettext_lazy("Send the link")

    def act(self) -> None:
        if self.is_shared or not self.person.email:
            raise services.PeopleError(_("There is no e-mail address that you could send a link to."))
        send_link(self.request, self.person, self.site)


class FirstPasswordView(PersonActionView):
    page_title = gettext_lazy("Set a first password")
    question = gettext_lazy("The old password ends now. You are shown the new one once.")
    button_label = gettext_lazy("Set a password")
    is_serious = True

    def act(self) -> HttpResponse:
        password = services.set_first_password(self.site, self.person, by=self.request.user)
        return show_password(self.request, self.person, password)


class PasswordShownView(WagtailAdminTemplateMixin, TemplateView):
    """The one page that shows a first password: the answer to the form that asked for it, and stored by nobody."""

    template_name = "accounts/people/password.html"
    page_title = gettext_lazy("First password")
    header_icon = "key"


def show_password(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Answer with the page that shows a first password."""
    view = PasswordShownView()
    view.setup(request)
    context = view.get_context_data(person=person, password=password, back_url=reverse("people:index"))
    response = view.render_to_response(context)
    response.headers["Cache-Control"] = "no-store"
    return response


def send_link(request: HttpRequest, person: User, site: Site) -> None:
    """Send the link to set a password; say what came of it."""
    here = Site.find_for_request(request)
    # The host of the request where it is this tenant's: it has the port that people use.
    origin = request.build_absolute_uri("/")[:-1] if here and here.pk == site.pk else site.root_url
    try:
        send_password_link(person, site, origin)
    except OSError as error:
        messages.error(
            request,
            _(
                "The mail to %(address)s could not be sent: %(reason)s. The account is there: send the link again "
                "later, or set a first password."
            )
            % {"address": person.email, "reason": error.strerror or str(error)},
        )
        return
    services.note_link_sent(site, person, by=request.user)
    messages.success(request, _("A link to set a password is on its way to %(address)s.") % {"address": person.email})


def display_name(person: User) -> str:
    return person.get_full_name() or person.get_username()


class SetPasswordView(PasswordResetConfirmView):
    """What a link to set a password leads to, on the tenant's own portal."""

    template_name = "accounts/set_password.html"
    success_url = reverse_lazy("login")
