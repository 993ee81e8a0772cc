"""The one web process: what must be quick or long-lived stands in front, Django behind it in a thread pool."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

# Each thread keeps a database connection of its own.
DJANGO_THREADS = 8

django = WSGIMiddleware(get_wsgi_application(), workers=DJANGO_THREADS)

from config.front import Front  # noqa: E402 - needs Django's settings

application = Front(django)
