import os

import django
from django.core.wsgi import get_wsgi_application

from config.environment import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

django.setup(set_prefix=False)
env.refuse_problems()
application = get_wsgi_application()
