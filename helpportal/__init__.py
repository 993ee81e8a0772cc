"""Help Portal: a help centre in eight languages on Wagtail."""

__version__ = "0.1.0"
