"""Fetching one file from the web safely: where it leads is checked, what comes is limited, no half stays.

Every failure is told in words. They never hold the query of an address, which may be a key; nor does any
log, since requests go through httpx's transport and not its client, which would log them whole.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

from flows.errors import Mistake, PlainError, RunAborted
from flows.official.kinds import PAGE_TOLD_WITHIN_BYTES, is_web_page


@dataclass(frozen=True)
class Limits:
    """What a download may take. Times are seconds."""

    # The largest official file, OS Open UPRN, is 0.6 GB.
    most_bytes: int = 2_000_000_000
    # At the least speed the ONS directory takes 42 minutes; on an office line the largest file takes ten.
    whole_s: float = 3600.0
    silence_s: float = 30.0
    least_bytes_per_s: float = 100_000.0
    # Over how long the speed is judged: a short pause is no fault.
    speed_over_s: float = 30.0
    redirects: int = 5
    attempts: int = 4
    # Doubled before every further attempt. A server may ask for hours; nobody waits at a terminal for that.
    wait_s: float = 1.0
    most_wait_s: float = 60.0


LIMITS = Limits()

_ANSWERS = {
    401: "is not open to us",
    403: "is not open to us",
    404: "is not there",
    410: "is no longer there",
}
# Unpacking what was not asked for would let a few bytes become terabytes: hence "identity".
_HEADERS = {"User-Agent": "squaremile", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
_CHECK_ADDRESS = "Check the address in a browser; the publisher may have moved the file."
_TRY_LATER = "Try again later, or fetch the file in a browser and name it instead of the address."


@dataclass(frozen=True)
class Downloaded:
    """One file that was fetched whole. ``final_url`` is where it came from in the end, without its query."""

    path: Path
    sha256: str
    size_bytes: int
    final_url: str


class _Passing(Exception):
    """A fault that may pass by itself."""


def download(
    url: str,
    to: Path,
    limits: Limits = LIMITS,
    *,
    allow_loopback: bool = False,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Downloaded:
    """Fetch one file whole, or leave nothing and say why.

    Only ``https:``, over any redirect, and only from public addresses; ``allow_loopback`` lets tests reach
    this machine, by ``http:`` too. Busy servers and broken connections are tried again, refusals are not.
    ``on_progress`` is told the bytes received so far and, if known, of how many. A badly written address is
    a ``Mistake``, everything else a ``RunAborted``.
    """
    fetch = _Fetch(to, limits, allow_loopback, on_progress or (lambda done, of: None))
    attempts = Retrying(
        retry=retry_if_exception_type(_Passing),
        stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.whole_s),
        wait=lambda tried: min(fetch.asked_s or limits.wait_s * 2**tried.attempt_number, limits.most_wait_s),
        reraise=True,
    )
    timer = threading.Timer(limits.whole_s, fetch.cut)
    timer.start()
    try:
        return attempts(fetch.follow, url)
    except _Passing as passing:
        raise RunAborted(f"{passing}. We tried more than once.", _TRY_LATER) from None
    finally:
        timer.cancel()


def _told(url: httpx.URL) -> str:
    """An address without what may be secret in it."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"[:200]


def _stopped(url: httpx.URL, words: str, what_to_do: str = _CHECK_ADDRESS) -> RunAborted:
    return RunAborted(f"{_told(url)} {words}.", what_to_do)


def _parsed(text: str, error: type[PlainError], named: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(text) if base else httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in ("https", "http") or not url.host or url.userinfo:
        raise error(f"{named} (“{url.scheme}:…”) is not https:, or holds a password.", _CHECK_ADDRESS)
    return url


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as this machine's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet itself, with no other one written into it."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _trust() -> ssl.SSLContext:
    """Certificates that come with httpx, and those that this machine trusts: a council may have its own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@dataclass
class _Fetch:
    """One download over all its attempts and redirects, cut when its time is up, however slowly it drips."""

    to: Path
    limits: Limits
    allow_loopback: bool
    on_progress: Callable[[int, int | None], None]
    asked_s: float = 0.0
    is_late: bool = False
    line: socket.socket | None = None

    def cut(self) -> None:
        """End the connection from outside: a reader that waits for the next drop wakes up."""
        self.is_late = True
        if self.line:
            with suppress(OSError):
                # Not the method of the TLS socket, which would take its state away under the reader.
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)

    def _notice(self, event: str, info: dict[str, Any]) -> None:
        """Told by httpcore of each step: keeps the socket, plain or in TLS."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.line = info["return_value"].get_extra_info("socket")
        self._refuse_late()

    def _refuse_late(self) -> None:
        if self.is_late:
            raise RunAborted(f"The download did not end within {self.limits.whole_s:g} seconds.", _TRY_LATER)

    def follow(self, first: str) -> Downloaded:
        """Ask, follow redirects, save. Each address on the way is checked as the first was."""
        url = _parsed(first, Mistake, "The address")
        for _ in range(self.limits.redirects + 1):
            self._refuse_late()
            self.asked_s = 0.0
            with self._answer(url) as response:
                if not response.has_redirect_location:
                    self._refuse_answer(url, response)
                    return self._save(url, response)
            named = f"The address that {_told(url)} sends us on to"
            url = _parsed(response.headers["location"], RunAborted, named, base=url)
        raise _stopped(url, "is where we were sent on to, again and again")

    def _addresses(self, url: httpx.URL) -> list[str]:
        """The addresses of a host, once every one of them may be reached."""
        host = url.raw_host.decode("ascii")
        try:
            found = resolve(host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            if getattr(error, "errno", None) == socket.EAI_AGAIN:
                raise _Passing(f"{_told(url)} could not be looked up; this machine may be off line") from None
            raise _stopped(url, f"leads nowhere: there is no host {host}") from None
        is_here = self.allow_loopback and all(ipaddress.ip_address(each).is_loopback for each in found)
        if url.scheme == "http" and not is_here:
            raise _stopped(url, "is http:, which can be changed on the way", "Name it with https:.")
        if not found or not (is_here or all(map(is_public, found))):
            raise _stopped(url, "leads into a private network, where nothing is fetched")
        return found

    @contextmanager
    def _answer(self, url: httpx.URL) -> Iterator[httpx.Response]:
        """The answer of a server, its body not yet read. Faults until it is read are told in words."""
        *others, last = self._addresses(url)
        with httpx.HTTPTransport(verify=_trust(), trust_env=False) as transport:
            try:
                for address in others:
                    with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                        response = self._ask(url, address, transport)
                        break
                else:
                    response = self._ask(url, last, transport)
                yield response
            except httpx.TransportError as error:
                self._refuse_late()
                if isinstance(error, httpx.ConnectError) and (tls := _tls_fault(error)):
                    ask = "Nothing was taken. If your network inspects traffic, ask IT for its certificate."
                    raise _stopped(url, f"could not prove whose it is ({tls})", ask) from None
                is_silent = isinstance(error, httpx.TimeoutException)
                words = "was silent for too long" if is_silent else "could not be reached, or broke off"
                raise _Passing(f"{_told(url)} {words}") from None

    def _ask(self, url: httpx.URL, address: str, transport: httpx.HTTPTransport) -> httpx.Response:
        """Ask at an address that was checked: the name is not looked up a second time."""
        extensions = {
            "timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.limits.silence_s),
            # The certificate is checked against the name, though the connection goes to the address.
            "sni_hostname": url.raw_host.decode("ascii"),
            "trace": self._notice,
        }
        there, headers = url.copy_with(host=address), {**_HEADERS, "Host": url.netloc.decode("ascii")}
        return transport.handle_request(httpx.Request("GET", there, headers=headers, extensions=extensions))

    def _refuse_answer(self, url: httpx.URL, response: httpx.Response) -> None:
        status, packed = response.status_code, response.headers.get("content-encoding", "identity").lower()
        if status == 429 or status >= 500:
            # It may also be a date, but no wait here is long enough to need one.
            asked = response.headers.get("retry-after", "")
            self.asked_s = float(asked) if asked.isdecimal() else 0.0
            raise _Passing(f"{_told(url)} is too busy or out of order ({status})")
        if status != 200:
            raise _stopped(url, f"{_ANSWERS.get(status, 'gives no file')} ({status})")
        if packed != "identity":
            raise _stopped(url, f"sends the file packed ({packed}), unasked", _TRY_LATER)

    def _save(self, url: httpx.URL, response: httpx.Response) -> Downloaded:
        part = self.to.with_name(f".{self.to.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as file:
                sha256, size = self._receive(url, response, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.to)
        except OSError as error:
            raise RunAborted(f"{self.to} could not be written ({error.strerror}).", "Free space.") from None
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return Downloaded(self.to, sha256, size, _told(url))

    def _receive(self, url: httpx.URL, response: httpx.Response, file: IO[bytes]) -> tuple[str, int]:
        """Write the body as it comes, judging size, speed and beginning. Its hash, and how many bytes."""
        limits, digest, start, size = self.limits, hashlib.sha256(), b"", 0
        whole, judged_at, judged_size = int(response.headers.get("content-length", 0)), time.monotonic(), 0
        try:
            for chunk in response.iter_raw():
                size += len(chunk)
                if max(size, whole) > limits.most_bytes:
                    raise _stopped(url, f"holds more than {limits.most_bytes / 1e6:,.0f} MB")
                if is_web_page(start := (start + chunk)[:PAGE_TOLD_WITHIN_BYTES]):
                    raise _stopped(url, "is a web page, not the file itself")
                file.write(chunk)
                digest.update(chunk)
                self.on_progress(size, whole or None)
                passed = time.monotonic() - judged_at
                if passed >= limits.speed_over_s:
                    if size - judged_size < limits.least_bytes_per_s * passed:
                        raise _stopped(url, "comes too slowly", _TRY_LATER)
                    judged_at, judged_size = time.monotonic(), size
        except httpx.RemoteProtocolError:
            self._refuse_late()
            raise _stopped(url, f"broke off after {size:,} bytes", _TRY_LATER) from None
        self._refuse_late()
        if not size:
            raise _stopped(url, "is empty")
        return digest.hexdigest(), size


def _tls_fault(error: BaseException | None) -> str:
    while error and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return str(getattr(error, "verify_message", "it does not speak TLS as it should")) if error else ""
