"""The door for web servers: `portal.wsgi:app`."""

from portal.factory import create_app

app = create_app()
