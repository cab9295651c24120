"""The web worker: what clients are slow to send is waited for in the loop, and never by a thread (QUALITY R18).

gunicorn gives every connection to a thread that then waits for its request, so a few dozen clients who send nothing, or
a byte a second, are enough to hold all threads. Here a thread gets a request once its head is there, a body has to come
at a walking pace, and where more wait than can be answered in time they are told so at once.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
"""From the first moment of a connection, or of a further request on it, until its head is there."""
LONGEST_HEAD = 65_536
BODY_SECONDS = 30.0
SLOWEST_BODY = 10_000
"""Bytes a second that a body may take longer for."""
WAITING_PER_THREAD = 16
LINGER = 1.0
"""What a stopping worker leaves to connections on which nothing was said."""
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: 29\r\nConnection: close\r\n\r\n"
    b"Busy; try again in a moment.\n"
)


class Paced:
    """A socket whose sender has so long, and a little more for every byte that came."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._until = sock, time.monotonic() + BODY_SECONDS

    def recv(self, size: int) -> bytes:
        left, given = self._until - time.monotonic(), self._sock.gettimeout()
        try:
            if left <= 0:
                raise TimeoutError
            self._sock.settimeout(left if given is None else min(left, given))
            came = self._sock.recv(size)
        except TimeoutError:
            if given is not None:  # somebody waits for less, and knows what to do then
                raise
            raise ConnectionResetError(errno.ECONNRESET, "the request came too slowly") from None
        finally:
            with contextlib.suppress(OSError):
                self._sock.setblocking(True)
        self._until += len(came) / SLOWEST_BODY
        return came

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads, which hands them whole heads only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads: dict[TConn, bytearray] = {}
        self._n_given = 0
        """Requests that a thread has, or that wait for one."""

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as trouble:
            if trouble.errno in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                return
            raise
        self.nr_conns += 1
        self._listen_to(TConn(self.cfg, client, address, listener.getsockname()))
        if self.nr_conns >= self.worker_connections:  # whoever has waited longest without a request makes room
            self._drop(self.pending_conns[0])

    def _listen_to(self, conn: TConn) -> None:
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self._heads[conn] = bytearray()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Wait for the head of a further request on a connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._listen_to(conn)
        self.on_pending_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        try:
            came = client.recv(LONGEST_HEAD)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        if not came:
            self._drop(conn)
            return
        head = self._heads[conn]
        head += came
        if b"\r\n\r\n" in head or len(head) > LONGEST_HEAD:
            self._forget(conn)
            self._give(conn, bytes(head))

    def _give(self, conn: TConn, head: bytes) -> None:
        """Give a request to the threads, or say that too many wait for one."""
        if self._n_given >= self.cfg.threads * WAITING_PER_THREAD:
            with contextlib.suppress(OSError):
                conn.sock.send(BUSY)
                conn.sock.shutdown(socket.SHUT_WR)
            self._close(conn)
            return
        conn.init()
        conn.parser.unreader.sock = Paced(conn.sock)
        conn.parser.unreader.unread(head)
        conn.data_ready = True
        self.enqueue_req(conn)

    def enqueue_req(self, conn: TConn) -> None:
        self._n_given += 1
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        self._n_given -= 1
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close connections whose request did not come in time; a stopping worker waits for begun ones only."""
        now = time.monotonic()
        for conn in list(self.pending_conns):
            if conn.timeout > now and (self.alive or self._heads[conn] or conn.timeout > now + HEAD_SECONDS - LINGER):
                continue
            self._drop(conn)

    def _forget(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)
        self._heads.pop(conn)

    def _drop(self, conn: TConn) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()
