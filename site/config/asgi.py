"""The one web process: what must be quick or long-lived stands in front, Django behind it in a thread pool."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = WSGIMiddleware(get_wsgi_application(), workers=8)
