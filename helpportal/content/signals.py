"""What happened to content that rooms above this one may want to hear of."""

from django.dispatch import Signal

# Somebody said that what is live may be translated now. Provides: page (an article).
readied_for_translation = Signal()

# Somebody is told of something, and their mails wait to be sent.
notices_written = Signal()
