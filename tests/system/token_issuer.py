"""An issuer of access tokens on this machine, with its configuration and key over TLS."""

import base64
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from webhook_receiver import HOST, certificate

AUDIENCE = "agents"
COORDINATE = 32


class TokenIssuer:
    """Runs until `stop`."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        documents = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = documents.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                """Quiet."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate())
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.name = f"https://{HOST}:{self._server.server_address[1]}"
        documents["/.well-known/openid-configuration"] = json.dumps(
            {"issuer": self.name, "jwks_uri": f"{self.name}/keys"}).encode()
        documents["/keys"] = json.dumps({"keys": [self._jwk()]}).encode()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _jwk(self):
        numbers = self._key.public_key().public_numbers()
        x, y = (encoded(number.to_bytes(COORDINATE, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "alg": "ES256", "x": x, "y": y}

    def token(self, subject, **claims):
        """A token for this subject, valid for five minutes unless the claims say otherwise."""
        now = int(time.time())
        claims = {"iss": self.name, "sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + 300} | claims
        parts = [{"alg": "ES256", "kid": "k", "typ": "JWT"}, claims]
        signed = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        pair = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{encoded(b''.join(number.to_bytes(COORDINATE, 'big') for number in pair))}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def encoded(data):
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
