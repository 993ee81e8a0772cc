"""The reference, in the same kind of process as the portal: Django behind the same adapter, with as many threads."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings_reference"

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

application = WSGIMiddleware(get_wsgi_application(), workers=8)
