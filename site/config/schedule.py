"""What happens by the clock. Tasks are named, not imported: the rooms bring them."""

from celery.schedules import crontab

SCHEDULE = {
    "publish-scheduled": {
        "task": "content.publish_scheduled",
        "schedule": 60.0,  # seconds
        # Without a worker the runs do not pile up: each one does all that is due.
        "options": {"expires": 55},
    },
    # Mails are sent as soon as there is something to tell; this is for those that could not be.
    "mail-notices": {
        "task": "content.mail_notices",
        "schedule": 60.0,  # seconds
        "options": {"expires": 55},
    },
    "clear-sessions": {
        "task": "accounts.clear_sessions",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    # What was published while no broker or worker was there to hear of it.
    "refresh-sources-behind": {
        "task": "translation.refresh_sources_behind",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
    # At the turn of the day: what readers are told of overdue articles changes then.
    "look-after-review-dates": {
        "task": "content.look_after_review_dates",
        "schedule": crontab(hour=0, minute=0),
        "options": {"expires": 12 * 3600},
    },
    # Twenty addresses at most in a run: thousands are spread over hours, and every run leaves its queue to others.
    "check-external-links": {
        "task": "content.check_external_links",
        "schedule": 60.0,  # seconds
        "options": {"expires": 55},
    },
    "record-all-links": {
        "task": "content.record_all_links",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 3600},
    },
}
