"""What is done to people and groups, in Wagtail's log. Every entry says of which tenant it is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry, Site

PERSON_ADDED = "accounts.person.added"
PERSON_CHANGED = "accounts.person.changed"
ROLES_GIVEN = "accounts.roles.given"
ROLES_TAKEN = "accounts.roles.taken"
DEACTIVATED = "accounts.person.deactivated"
REACTIVATED = "accounts.person.reactivated"
LINK_SENT = "accounts.password.link_sent"
PASSWORD_SET = "accounts.password.set"  # noqa: S105 - the name of an action
GROUP_ADDED = "accounts.group.added"
GROUP_RENAMED = "accounts.group.renamed"
GROUP_DELETED = "accounts.group.deleted"

TEXTS = {
    PERSON_ADDED: (_("Add person"), _("Person added")),
    PERSON_CHANGED: (_("Change person"), _("Details changed")),
    ROLES_GIVEN: (_("Give roles"), _("Given: {names}")),
    ROLES_TAKEN: (_("Take roles"), _("Taken: {names}")),
    DEACTIVATED: (_("Deactivate person"), _("Person deactivated")),
    REACTIVATED: (_("Activate person"), _("Person activated again")),
    LINK_SENT: (_("Send link for password"), _("Link to set a password sent")),
    PASSWORD_SET: (_("Set first password"), _("First password set")),
    GROUP_ADDED: (_("Add group"), _("Group added")),
    GROUP_RENAMED: (_("Rename group"), _("Group renamed; before: {names}")),
    GROUP_DELETED: (_("Delete group"), _("Group deleted")),
}


def register(actions: LogActionRegistry) -> None:
    """Tell Wagtail's log what these actions are called."""
    for action, (label, message) in TEXTS.items():
        register_action(actions, action, label, message)


def register_action(actions: LogActionRegistry, action: str, label: str, message: str) -> None:
    """Tell Wagtail's log of one action; `{names}` in its message are those that `record` was given."""
    formatter = type("TenantLogFormatter", (_NamingFormatter,), {"label": label, "message": message})
    actions.register_action(action)(formatter)


class _NamingFormatter(LogFormatter):
    def format_message(self, log_entry: ModelLogEntry):
        return format_lazy(self.message, names=", ".join(log_entry.data.get("names", ())))


def record(instance: Model, action: str, *, site: Site, by, names: Iterable[str] = (), **fields) -> None:
    """Write one entry: what was done to `instance`, of which tenant, by whom; `names` are what it is about."""
    log(instance=instance, action=action, user=by, data={"site": site.pk, "names": list(names)}, **fields)
