"""The Celery application: workers run as `celery -A config.celery worker --queues …`."""

import logging.config
import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings

from .environment import env
from .heartbeat import Heartbeat

if os.environ.get("C_FORCE_ROOT"):
    # Celery's own sign for "root is meant": then its warning at every start says nothing new.
    warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("helpportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Heartbeat)


@setup_logging.connect
def use_the_portals_logging(**_kwargs) -> None:
    env.refuse_problems()
    logging.config.dictConfig(settings.LOGGING)
