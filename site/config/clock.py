"""The Celery application of beat: it only sends tasks by name, so it loads the settings and none of the rooms.

Run as `celery -A config.clock beat`. That saves two thirds of the memory that a worker takes.
"""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.conf import settings

from .environment import env

app = Celery("helpportal", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def use_the_portals_logging(**_kwargs) -> None:
    env.refuse_problems()
    logging.config.dictConfig(settings.LOGGING)
