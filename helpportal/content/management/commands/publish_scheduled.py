"""`manage.py publish_scheduled`: Wagtail's command, which goes on after one that cannot be published."""

from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from helpportal.content.review.scheduling import publish_due


class Command(WagtailCommand):
    help = "Publish what is due and take back what has expired."

    def handle(self, *args, **options):
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        report = publish_due()
        if options["verbosity"]:
            self.stdout.write(
                f"Published {report.published}, expired {report.expired}, "
                f"refused {report.refused}, failed {report.failed}."
            )
