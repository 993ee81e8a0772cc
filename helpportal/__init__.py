"""Help Portal: a help centre in eight languages on Wagtail."""
