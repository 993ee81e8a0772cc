#!/usr/bin/env python
"""Django's command line. `site/` goes on the path because `site` itself is a frozen standard module."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(BASE_DIR / "site"), str(BASE_DIR)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from config.command_line import execute

    sys.exit(execute(sys.argv))


if __name__ == "__main__":
    main()
