"""`dity serve`: one process that watches the others.

The supervisor opens the listening socket itself and hands it to the web workers (gunicorn) by descriptor, so a
restart of theirs refuses nobody: connections wait in the socket until somebody takes them. Beside them runs the
job runner. Whichever dies is started again, sooner the first time and slower when it keeps dying.

- SIGTERM, SIGINT: requests and jobs at work are finished, for at most ten seconds, then everything ends.
- SIGHUP: a second set of web workers starts on the same socket, and the first leaves when the second answers.

On Windows waitress takes the place of gunicorn; nothing can be handed over there, so a restart refuses for a moment.
"""
