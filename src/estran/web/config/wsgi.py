"""The site as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")

_site = get_wsgi_application()

from estran.web.live.calls import trackers_first  # noqa: E402 - Django is set up by now

application = trackers_first(_site)
