"""The mail with which somebody sets a password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from wagtail.models import Site

from ..models import User


def send_password_link(person: User, site: Site, origin: str) -> None:
    """Send somebody a link, below `origin` (https://help.example.com), to set a password. It works for three days.

    Raises OSError when the mail server does not take it.
    """
    token = default_token_generator.make_token(person)
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    with translation.override(person.language or settings.LANGUAGE_CODE):
        name = site.site_name or site.hostname
        context = {
            "name": name,
            "username": person.get_username(),
            "link": origin + reverse("set_password", args=[uid, token]),
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        }
        text = render_to_string("email/set_password.txt", context)
        subject = _("Your account at %(name)s") % {"name": name}
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [person.email])
