"""A certificate authority of the test's own, for servers that are spoken to over TLS."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class TestAuthority:
    """`pem` is what clients trust; `server` ends their TLS, as 127.0.0.1."""

    pem: str
    server: ssl.SSLContext


def make_authority() -> TestAuthority:
    """A new authority and a server's certificate by it, both valid for a day around now."""
    now = datetime.now(UTC)
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    common = x509.CertificateBuilder().issuer_name(name).not_valid_before(now - timedelta(days=1)).not_valid_after(
        now + timedelta(days=1)
    )  # fmt: skip
    authority = (
        common.subject_name(name)
        .public_key(authority_key.public_key())
        .serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    certificate = (
        common.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]))
        .public_key(server_key.public_key())
        .serial_number(2)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        # The standard library reads keys from files alone.
        file = Path(folder, "server.pem")
        file.touch(mode=0o600)
        file.write_bytes(key + certificate.public_bytes(pem))
        context.load_cert_chain(file)
    return TestAuthority(authority.public_bytes(pem).decode(), context)
