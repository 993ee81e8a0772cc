"""The same installation with pages served the straightforward way."""

from bench.settings import *  # noqa: F403

ROOT_URLCONF = "bench.reference.urls"
