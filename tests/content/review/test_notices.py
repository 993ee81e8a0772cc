"""Who is told of what, where, in which language, and what becomes of it when the mail server is away."""

from __future__ import annotations

import datetime
import socket

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpportal.accounts.enums import Role
from helpportal.content.enums import NoticeKind
from helpportal.content.models import Notice
from helpportal.content.review.notices import notify
from helpportal.content.review.tasks import mail_notices
from tests.factories.people import staff
from tests.factories.readers import person

pytestmark = pytest.mark.django_db


def tell(desk, *users, key: str = "one", kind: NoticeKind = NoticeKind.RETURNED, **more) -> int:
    return notify(kind, [user.pk for user in users], desk.article, site=desk.site, key=key, **more)


def text(answer) -> str:
    return answer.content.decode()


def test_only_people_of_the_tenant_are_told_once_and_nobody_of_their_own_act(desk, second_tenant):
    elsewhere = staff(second_tenant, Role.AUTHOR, name="hari")
    reader, gone = person("reader"), desk.meena
    gone.is_active = False
    gone.save()
    everybody = (desk.asha, desk.ravi, elsewhere, reader, gone)
    assert [tell(desk, *everybody, actor=desk.asha, comment="Look.") for _time in range(2)] == [1, 0]
    notice = Notice.objects.get()
    assert (notice.user, notice.actor, notice.comment, notice.site) == (desk.ravi, desk.asha, "Look.", desk.site)


def test_the_list_costs_the_same_with_any_number_of_notices(desk):
    client = desk.client("ravi")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/admin/notices/")
        assert answer.status_code == 200
        return len(captured)

    assert "There are no notices for you" in text(client.get("/admin/notices/"))
    tell(desk, desk.ravi, actor=desk.asha, comment="Look.")
    client.get("/admin/notices/")
    one = cost()
    for number in range(2):
        tell(desk, desk.ravi, desk.meena, key=f"more {number}", actor=desk.bala)
    assert cost() == one
    shown = text(client.get("/admin/notices/"))
    assert "Asha returned “Lock the gate” to you." in shown
    assert "Notices (3 unread)" in shown
    # Opening one reads it; the others are read with one button. Somebody else's stay.
    first = Notice.objects.filter(user=desk.ravi).earliest("pk")
    assert client.get(f"/admin/notices/?open={first.pk}").url == desk.edit_path
    assert "Notices (2 unread)" in text(client.get("/admin/notices/"))
    foreign = Notice.objects.filter(user=desk.meena).first()
    client.post("/admin/notices/read/", {"notice": foreign.pk})
    assert client.get(f"/admin/notices/?open={foreign.pk}").url == "/admin/notices/"
    client.post("/admin/notices/read/")
    assert not Notice.objects.filter(user=desk.ravi, read_at=None).exists()
    assert Notice.objects.filter(user=desk.meena, read_at=None).count() == 2
    for nonsense in ("x", "9" * 30, "²"):
        assert client.get("/admin/notices/", {"open": nonsense}).status_code == 302
        assert client.post("/admin/notices/read/", {"notice": nonsense}).status_code == 302


def test_each_kind_is_switched_in_the_account(desk):
    client = desk.client("ravi")
    shown = text(client.get("/admin/account/"))
    assert "Your text is returned" in shown
    assert "notifications-approved_notifications" not in shown
    assert "notifications-updated_comments_notifications" in shown
    on = {f"notices-{kind.value}_{place}": "on" for kind in NoticeKind for place in ("in_admin", "by_mail")}
    del on["notices-returned_by_mail"], on["notices-published_in_admin"]
    del on["notices-approved_in_admin"], on["notices-approved_by_mail"]
    profile = {"name_email-first_name": "Ravi", "name_email-email": "ravi@example.com", "name_email-last_name": "R"}
    profile |= {"theme-theme": "system", "theme-density": "default", "theme-contrast": "system"}
    profile |= {"theme-keyboard_shortcuts": "on", "locale-preferred_language": "", "locale-current_time_zone": ""}
    assert client.post("/admin/account/", {**on, **profile}).status_code == 302
    for kind in (NoticeKind.RETURNED, NoticeKind.PUBLISHED, NoticeKind.APPROVED):
        tell(desk, desk.ravi, key=kind.value, kind=kind)
    mail_notices()
    assert [one.subject for one in mail.outbox] == ["“Lock the gate” is published."]
    assert [one.kind for one in Notice.objects.filter(user=desk.ravi, in_admin=True)] == ["returned"]
    assert "is published" not in text(client.get("/admin/notices/"))


def test_a_mail_speaks_the_language_of_whom_it_goes_to_and_links_into_their_admin(desk, settings):
    settings.PORTAL_URL = "https://help.example.com"
    desk.ravi.language = "hi"
    desk.ravi.save()
    tell(desk, desk.ravi, comment="क्या?", due_on=datetime.date(2026, 12, 1))
    mail_notices()
    sent = mail.outbox[0]
    notice = Notice.objects.get()
    assert f"https://help.example.com/admin/notices/?open={notice.pk}" in sent.body
    assert "क्या?" in sent.body
    assert "दिसंबर" in sent.body
    assert notice.mailed_at is not None
    mail_notices()
    assert len(mail.outbox) == 1


def test_a_mail_that_nobody_should_get_any_more_is_not_sent(desk):
    tell(desk, desk.ravi, desk.meena)
    desk.ravi.groups.clear()
    mail_notices()
    assert [one.to for one in mail.outbox] == [["meena@example.com"]]
    assert not Notice.objects.filter(mail_after__isnull=False).exists()


def test_mails_wait_for_a_mail_server_that_is_away(desk, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    tell(desk, desk.ravi, desk.meena)
    mail_notices()
    waiting = list(Notice.objects.order_by("-mail_failures"))
    assert [(one.mailed_at, one.mail_failures) for one in waiting] == [(None, 1), (None, 0)]
    assert waiting[0].mail_after > timezone.now() + datetime.timedelta(minutes=1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_notices()
    assert len(mail.outbox) == 1
    Notice.objects.filter(mailed_at=None).update(mail_after=timezone.now())
    mail_notices()
    assert sorted(one.to[0] for one in mail.outbox) == ["meena@example.com", "ravi@example.com"]
