"""Downloads from real servers on this machine, well-behaved and not."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import ipaddress
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import Mistake, PlainError, RunAborted
from flows.official import download as web
from flows.official.download import Limits, download, is_public

QUICK = Limits(whole_s=5, silence_s=2, speed_over_s=60, wait_s=0.005, most_wait_s=0.05)
BODY = b"pcds,dointr,doterm\n" * 5000
SECRET = "key=s3cret"

type_of_answer = Callable[[BaseHTTPRequestHandler, int], None]


class Server:
    """Answers by path; ``asked`` holds the headers of every request."""

    def __init__(
        self, answers: dict[str, type_of_answer], certificate: tuple[Path, Path] | None = None
    ) -> None:
        asked: list[BaseHTTPRequestHandler] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self)
                # A client that hangs up is what these tests are about.
                with contextlib.suppress(OSError):
                    answers[self.path.partition("?")[0]](self, len(asked))

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.asked = asked
        self.names: list[str] = []
        self.http = Quiet(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
            self.http.socket = context.wrap_socket(
                self.http.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.port = self.http.server_address[1]
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"


def sends(
    body: bytes = BODY, status: int = 200, *, length: int | None = None, **headers: str
) -> type_of_answer:
    """An answer in one piece; ``length`` may lie."""

    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def sends_on(where: str) -> type_of_answer:
    return sends(b"", 302, Location=where)


def first(*answers: type_of_answer) -> type_of_answer:
    """One answer after another, the last for good."""
    return lambda handler, count: answers[min(count, len(answers)) - 1](handler, count)


def drips(head: bytes, drop: bytes, every_s: float) -> type_of_answer:
    """Raw bytes without end, a drop at a time."""

    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.wfile.write(head)
        for _ in range(1000):
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(every_s)

    return answer


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def start(answer: type_of_answer | dict[str, type_of_answer], **kwargs: object) -> Server:
        server = Server(answer if isinstance(answer, dict) else {"/file": answer}, **kwargs)  # type: ignore[arg-type]
        running.append(server)
        return server

    yield start
    for server in running:
        server.http.shutdown()
        server.http.server_close()


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "official.csv"


def refusal(
    url: str, to: Path, limits: Limits = QUICK, *, error: type[PlainError] = RunAborted, is_here: bool = True
) -> str:
    """The words of a download that fails: it leaves nothing, and they tell no secret."""
    with pytest.raises(error) as told:
        download(url, to, limits, allow_loopback=is_here)
    assert list(to.parent.iterdir()) == []
    words = f"{told.value.message} {told.value.what_to_do}"
    assert told.value.what_to_do
    assert "s3cret" not in words
    return words


# What goes well


def test_a_file_arrives_whole_with_its_hash(serve: Callable[..., Server], to: Path) -> None:
    server, heard = serve(sends()), []
    found = download(
        f"{server.url}/file?{SECRET}",
        to,
        QUICK,
        allow_loopback=True,
        on_progress=lambda *now: heard.append(now),
    )
    assert to.read_bytes() == BODY
    assert (found.path, found.size_bytes, found.sha256) == (to, len(BODY), hashlib.sha256(BODY).hexdigest())
    assert found.final_url == f"{server.url}/file"
    assert heard[-1] == (len(BODY), len(BODY))
    assert list(to.parent.iterdir()) == [to]


def test_a_new_file_replaces_the_old_and_a_failed_one_does_not(
    serve: Callable[..., Server], to: Path
) -> None:
    server = serve({"/file": sends(), "/gone": sends(b"", 404)})
    to.write_bytes(b"older")
    with pytest.raises(RunAborted):
        download(f"{server.url}/gone", to, QUICK, allow_loopback=True)
    assert to.read_bytes() == b"older"
    download(f"{server.url}/file", to, QUICK, allow_loopback=True)
    assert to.read_bytes() == BODY


def test_nothing_of_this_machine_goes_along(
    serve: Callable[..., Server],
    to: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server = serve({"/file": sends_on("/again"), "/again": sends(Set_Cookie="id=1")})
    download(f"{server.url}/file", to, QUICK, allow_loopback=True)
    for request in server.asked:
        assert not {"authorization", "cookie", "proxy-authorization"} & {
            name.lower() for name in request.headers
        }
        assert request.headers["Accept-Encoding"] == "identity"
        assert request.headers["Host"] == f"127.0.0.1:{server.port}"


def test_no_log_holds_the_query(
    serve: Callable[..., Server], to: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(sends())
    with caplog.at_level(logging.DEBUG):
        download(f"{server.url}/file?{SECRET}", to, QUICK, allow_loopback=True)
    assert "s3cret" not in caplog.text


def test_redirects_are_followed_and_the_last_address_is_told(serve: Callable[..., Server], to: Path) -> None:
    server = serve({"/file": sends_on("/two"), "/two": sends_on(f"/three?{SECRET}"), "/three": sends()})
    assert download(f"{server.url}/file", to, QUICK, allow_loopback=True).final_url == f"{server.url}/three"


# What passes by itself


@pytest.mark.parametrize(
    "answer",
    [
        first(sends(b"", 500), sends()),
        first(sends(b"", 503), sends(b"", 502), sends()),
        first(sends(b"", 429, Retry_After="0"), sends()),
        first(sends(b"", 429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), sends()),
        first(lambda handler, _: handler.connection.close(), sends()),
    ],
    ids=["500", "503 and 502", "429", "429 with a date", "hung up"],
)
def test_a_passing_fault_is_tried_again(
    serve: Callable[..., Server], to: Path, answer: type_of_answer
) -> None:
    assert download(f"{serve(answer).url}/file", to, QUICK, allow_loopback=True).size_bytes == len(BODY)


def test_a_server_that_asks_for_time_gets_it_up_to_a_limit(serve: Callable[..., Server], to: Path) -> None:
    limits = Limits(whole_s=5, wait_s=0.001, most_wait_s=0.3)
    started = time.monotonic()
    answer = first(sends(b"", 429, Retry_After="3600"), sends())
    download(f"{serve(answer).url}/file", to, limits, allow_loopback=True)
    assert 0.3 <= time.monotonic() - started < 3


def test_a_server_that_stays_busy_ends_the_download(serve: Callable[..., Server], to: Path) -> None:
    server = serve(sends(b"", 503))
    assert "too busy or out of order (503)" in refusal(f"{server.url}/file?{SECRET}", to)
    assert len(server.asked) == QUICK.attempts


def test_silence_is_tried_again_and_then_told(serve: Callable[..., Server], to: Path) -> None:
    server = serve(lambda handler, _: time.sleep(1))
    limits = Limits(whole_s=5, silence_s=0.1, attempts=2, wait_s=0.001)
    assert "was silent for too long" in refusal(f"{server.url}/file", to, limits)
    assert len(server.asked) == 2


def test_a_machine_that_answers_nowhere_is_told(to: Path) -> None:
    assert "could not be reached" in refusal("http://127.0.0.1:9/file", to)


# What is refused


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (sends(b"", 401), "not open to us (401)"),
        (sends(b"", 403), "not open to us (403)"),
        (sends(b"", 404), "not there (404)"),
        (sends(b"", 410), "no longer there (410)"),
        (sends(b"", 204), "gives no file (204)"),
        (sends(b"", 302), "gives no file (302)"),
        (sends(b""), "is empty"),
        (sends(BODY, length=len(BODY) + 1), "broke off after 95,000 bytes"),
        (sends(gzip.compress(BODY), Content_Encoding="gzip"), "packed (gzip)"),
        (sends(b"<!DOCTYPE html><html><body>Sign in"), "web page"),
        (sends(b"\n  <!-- saved --><HTML>", Content_Type="application/zip"), "web page"),
        (sends(b"x" * 10, length=3_000_000_000), "more than 2,000 MB"),
        (sends_on("file:///etc/passwd"), "“file:…”"),
        (sends_on("ftp://127.0.0.1/file"), "“ftp:…”"),
        (sends_on("https://me:s3cret@ons.example/file"), "password"),
        (sends_on("https://ons.example:port/file"), "sends us on to"),
        (sends_on("/file?again&" + SECRET), "again and again"),
        (sends_on("https://10.0.0.1/file"), "private network"),
        (sends_on("https://169.254.169.254/latest/meta-data"), "private network"),
        (sends_on("http://93.184.216.34/file"), "is http:"),
    ],
)
def test_an_answer_that_is_not_the_file_is_refused_at_once(
    serve: Callable[..., Server], to: Path, answer: type_of_answer, words: str
) -> None:
    server = serve(answer)
    assert words in refusal(f"{server.url}/file?{SECRET}", to)
    assert len(server.asked) == (QUICK.redirects + 1 if "again" in words else 1)


def test_more_than_was_allowed_is_cut_off_though_no_length_was_stated(
    serve: Callable[..., Server], to: Path
) -> None:
    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100_000):
            handler.wfile.write(b"2710\r\n" + bytes(10_000) + b"\r\n")

    limits = Limits(whole_s=5, most_bytes=1_000_000)
    assert "more than 1 MB" in refusal(f"{serve(answer).url}/file", to, limits)


def test_chunks_that_end_before_their_end_are_truncated(serve: Callable[..., Server], to: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")

    assert "broke off after 5 bytes" in refusal(f"{serve(answer).url}/file", to)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "chunks", "body without length", "headers", "before the status"],
)
def test_a_drip_ends_when_the_time_is_up(serve: Callable[..., Server], to: Path, head: bytes) -> None:
    drop = b"1\r\nx\r\n" if b"chunked" in head else b"x"
    started = time.monotonic()
    words = refusal(
        f"{serve(drips(head, drop, 0.02)).url}/file?{SECRET}",
        to,
        Limits(whole_s=0.5, silence_s=2, speed_over_s=60),
    )
    assert "did not end within 0.5 seconds" in words
    assert time.monotonic() - started < 1.5


def test_a_drip_is_too_slow_long_before_the_time_is_up(serve: Callable[..., Server], to: Path) -> None:
    server = serve(drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x", 0.02))
    limits = Limits(whole_s=30, speed_over_s=0.2, least_bytes_per_s=10_000)
    started = time.monotonic()
    assert "comes too slowly" in refusal(f"{server.url}/file", to, limits)
    assert time.monotonic() - started < 5


def test_a_folder_that_cannot_be_written_is_told(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(sends())
    with pytest.raises(RunAborted, match="could not be written"):
        download(f"{server.url}/file", tmp_path / "nowhere" / "file", QUICK, allow_loopback=True)


def test_a_reader_who_gives_up_leaves_nothing(serve: Callable[..., Server], to: Path) -> None:
    def give_up(done: int, of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(f"{serve(sends()).url}/file", to, QUICK, allow_loopback=True, on_progress=give_up)
    assert list(to.parent.iterdir()) == []


# Addresses


@pytest.mark.parametrize(
    "url",
    ["", "ons.zip", "file:///etc/passwd", "ftp://ons.example/f", "https://", "https://me:s3cret@ons.example/f",
     "https://[::1", "HTTPS:/ons.example", "https://ons.example:port/"],
)  # fmt: skip
def test_an_address_that_is_none_is_a_mistake(to: Path, url: str) -> None:
    refusal(url, to, error=Mistake)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_out_of_reach_unless_allowed(
    serve: Callable[..., Server], to: Path, scheme: str
) -> None:
    server = serve(sends())
    for host in ("127.0.0.1", "localhost", "127.1", "0x7f000001"):
        with pytest.raises(RunAborted):
            download(f"{scheme}://{host}:{server.port}/file", to, QUICK)
    assert server.asked == []


@pytest.mark.parametrize(
    "addresses",
    [["10.1.2.3"], ["93.184.216.34", "192.168.0.1"], ["::1"], ["::ffff:93.184.216.34"], ["fe80::1"],
     ["2002:7f00:1::"], ["0.0.0.0"], ["100.64.0.1"], ["224.0.0.1"], []],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(
    to: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    monkeypatch.setattr(web, "resolve", lambda host, port: addresses)
    assert "private network" in refusal("https://ons.example/file", to, is_here=False)


def test_a_name_that_no_one_has_is_told(to: Path) -> None:
    words = refusal(f"https://no-such-host.invalid/file?{SECRET}", to)
    assert "no host no-such-host.invalid" in words or "off line" in words


def test_the_name_is_looked_up_once_and_the_checked_address_used(
    serve: Callable[..., Server], to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, looked_up = serve(sends()), []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    monkeypatch.setattr(web, "resolve", rebinding)
    download(f"http://ons.example:{server.port}/file", to, QUICK, allow_loopback=True)
    assert looked_up == ["ons.example"]
    assert server.asked[0].headers["Host"] == f"ons.example:{server.port}"


def test_a_second_address_serves_when_the_first_does_not_answer(
    serve: Callable[..., Server], to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(sends())
    monkeypatch.setattr(web, "resolve", lambda host, port: ["::1", "127.0.0.1"])
    download(f"http://ons.example:{server.port}/file", to, QUICK, allow_loopback=True)
    assert to.read_bytes() == BODY


@given(st.ip_addresses(v=4))
def test_an_address_is_as_private_in_ipv6_as_it_was_in_ipv4(address: ipaddress.IPv4Address) -> None:
    for hidden in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        assert not is_public(hidden)
    if not address.is_global or address.is_multicast:
        assert not is_public(str(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of ons.example that only its own signature vouches for."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ons.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("ons.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_server(
    serve: Callable[..., Server], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Server:
    monkeypatch.setattr(web, "resolve", lambda host, port: ["127.0.0.1"])
    return serve(sends(), certificate=certificate)


def test_a_certificate_that_no_one_vouches_for_is_refused(tls_server: Server, to: Path) -> None:
    words = refusal(f"https://ons.example:{tls_server.port}/file?{SECRET}", to)
    assert "could not prove whose it is" in words
    assert "self-signed" in words
    assert tls_server.asked == []


def test_a_certificate_is_checked_against_the_name_and_not_the_address(
    tls_server: Server, to: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    download(f"https://ons.example:{tls_server.port}/file", to, QUICK, allow_loopback=True)
    assert to.read_bytes() == BODY
    assert tls_server.names == ["ons.example"]
    assert tls_server.asked[0].headers["Host"] == f"ons.example:{tls_server.port}"
    to.unlink()
    assert "could not prove whose it is" in refusal(f"https://other.example:{tls_server.port}/file", to)


def test_a_server_without_tls_is_told(serve: Callable[..., Server], to: Path) -> None:
    server = serve(sends())
    assert "does not speak TLS" in refusal(f"https://127.0.0.1:{server.port}/file", to)


def test_a_drip_inside_tls_ends_too(
    serve: Callable[..., Server], to: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr(web, "resolve", lambda host, port: ["127.0.0.1"])
    server = serve(drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.02), certificate=certificate)
    limits = Limits(whole_s=0.5, silence_s=2, speed_over_s=60)
    assert "did not end within" in refusal(f"https://ons.example:{server.port}/file", to, limits)
