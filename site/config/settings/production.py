"""Production: every secret from the environment, TLS in front, nothing embedded unless chosen."""

from config.logs import logging_settings

from .base import *  # noqa: F403
from .base import LOG_LEVEL, PORTAL_URL, env

DEBUG = False
SECRET_KEY = env.required_str(
    "HELPPORTAL_SECRET_KEY",
    "production needs a secret of its own (at least 50 random letters, the same for every process).",
    stand_in="not set",
)
ALLOWED_HOSTS = env.required_list(
    "HELPPORTAL_ALLOWED_HOSTS", "production needs the host names that the portal answers for, with commas between."
)
CSRF_TRUSTED_ORIGINS = env.list("HELPPORTAL_TRUSTED_ORIGINS", [PORTAL_URL])

SECURE_SSL_REDIRECT = env.bool("HELPPORTAL_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("HELPPORTAL_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("HELPPORTAL_EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("HELPPORTAL_EMAIL_PORT", 25, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.str("HELPPORTAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("HELPPORTAL_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("HELPPORTAL_EMAIL_TLS", False)

LOGGING = logging_settings(LOG_LEVEL, as_json=True)
