"""What the server runs: the Django application for the zone in QIANTANG_ZONE."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qiantang.site.server import SUPERVISED, follow_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")
application = get_wsgi_application()

if os.environ.get(SUPERVISED):
    from qiantang.site import rounds

    follow_supervisor()
    rounds.start()
