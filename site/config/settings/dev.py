"""Development and the first run: everything embedded, nothing to configure."""

from config import embedded

from .base import *  # noqa: F403
from .base import VAR_DIR, env

# Off, so that a first run shows the portal's own error pages; contributors switch it on.
DEBUG = env.bool("HELPPORTAL_DEBUG", False)
SECRET_KEY = env.str("HELPPORTAL_SECRET_KEY", "") or embedded.secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("HELPPORTAL_ALLOWED_HOSTS", ["*"])
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
# Static files come straight from the source folders: nothing to collect.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
