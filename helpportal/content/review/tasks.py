from celery import shared_task

from . import mail


@shared_task(name="content.mail_notices")
def mail_notices() -> None:
    """Send the mails that wait. Running it twice sends none twice."""
    mail.mail_notices()
