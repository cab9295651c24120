"""The shell: everything that knows the web and the database. Imports analytics; nothing imports it."""
