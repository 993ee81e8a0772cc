from config.formats.indian import *  # noqa: F403
