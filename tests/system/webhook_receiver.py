"""A webhook receiver on this machine, over TLS with its own certificate."""

import base64
import datetime
import functools
import hashlib
import hmac
import ipaddress
import json
import ssl
import tempfile
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"


@functools.cache
def certificate():
    """(certificate, key) files for this machine, generated for these tests."""
    # The folder is deleted with this object, when the tests end.
    certificate.folder = tempfile.TemporaryDirectory()
    folder = Path(certificate.folder.name)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


class WebhookReceiver:
    """Records every delivery. Answers 200 unless a path has other answers."""

    def __init__(self):
        self._lock = threading.Lock()
        self._answers = {}
        self._deliveries = defaultdict(list)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver._take(self.path, dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Quiet."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate())
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"https://{HOST}:{self.port}{path}"

    def answer(self, path, *statuses):
        """Sets the first answers of a path; the later ones are 200."""
        with self._lock:
            self._answers[path] = list(statuses)

    def deliveries(self, path):
        """(headers, body) of each delivery to a path; header names are in lower case."""
        with self._lock:
            return list(self._deliveries[path])

    def _take(self, path, headers, body):
        with self._lock:
            self._deliveries[path].append(({name.lower(): value for name, value in headers.items()}, body))
            answers = self._answers.get(path)
            return answers.pop(0) if answers else 200

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def is_genuine(secret, headers, body):
    """Verifies the signature as a receiver does (Standard Webhooks)."""
    key = base64.b64decode(json.loads(secret)["current"])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    ours = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return is_fresh and any(hmac.compare_digest(ours, given) for given in headers["webhook-signature"].split())
