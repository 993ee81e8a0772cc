"""What was found of an external address, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WORDS = {
    "name": _("There is no site of this name"),
    "timeout": _("The site does not answer in time"),
    "connection": _("The site cannot be reached"),
    "certificate": _("The site's certificate is not valid"),
    "redirects": _("The site sends visitors in circles"),
    "address": _("This is no address"),
    "private": _("An address inside a private network"),
    "password": _("The address holds a name or a password"),
    "port": _("The port is not one of a web site"),
    "scheme": _("The address leads out of the web"),
    "404": _("The site says: no such page (404)"),
    "410": _("The site says: the page is gone for good (410)"),
}


def explain(finding: str) -> str:
    """Return a sentence for what was stored as the finding of an address."""
    if finding.startswith(("http://", "https://")):
        return gettext("Moved to %s") % finding
    if finding.isdecimal() and finding not in WORDS:
        return gettext("The site answers with an error (%s)") % finding
    return str(WORDS.get(finding, finding))
