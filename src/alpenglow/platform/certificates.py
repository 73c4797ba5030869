"""Certificates for a fabric between computers: one authority per car, one certificate per process.

The common name of a certificate is the process's identity, which the fabric's access control goes by; the router's
also names the addresses that others reach it at. Keys are P-256 (the curve that every car's secure element has),
unencrypted and readable by their owner alone. The authority's key signs nothing after this and leaves the car.
"""

import datetime
import ipaddress
import secrets
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .directories import write_private
from .problems import StackProblem
from .processes import PROCESSES, ROUTER, people
from .profile import Computer, Profile

AUTHORITY_KEY = "authority.key"


def make_certificates(folder: Path, profile: Profile, *, days: int) -> list[Path]:
    """Write `folder/<computer>/` for each computer and the authority's key beside them; returns those folders.

    Raises StackProblem when the folder has an authority already: certificates of two authorities do not mix.
    """
    if (folder / AUTHORITY_KEY).exists():
        raise StackProblem(f"{folder} holds certificates already; choose a new folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _make(folder, profile, days)
    except OSError as problem:
        raise StackProblem(f"cannot write certificates to {folder}: {problem}") from None


def _make(folder: Path, profile: Profile, days: int) -> list[Path]:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, days)
    write_private(folder / AUTHORITY_KEY, _key_pem(authority_key))
    passwords = {name: secrets.token_urlsafe(24) for name in (*(row.name for row in PROCESSES), *people())}
    web_token = secrets.token_urlsafe(24)
    made = []
    for name, computer in profile.computer.items():
        place = folder / name
        place.mkdir(mode=0o700, exist_ok=True)
        (place / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        here = (*computer.processes, *people())
        for identity in here:
            key = ec.generate_private_key(ec.SECP256R1())
            hosts = _hosts(computer) if identity == ROUTER else []
            certificate = _certificate(identity, hosts, key, authority, authority_key, days)
            write_private(place / f"{identity}.key", _key_pem(key))
            (place / f"{identity}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        known = passwords if ROUTER in computer.processes else {identity: passwords[identity] for identity in here}
        write_private(place / "secrets.json", msgspec.json.encode({"web": web_token, **known}))
        made.append(place)
    return made


def _hosts(computer: Computer) -> list[str]:
    """Where the router is reached: its address and the hosts of its TLS endpoints."""
    listened = [end.removeprefix("tls/").rpartition(":")[0] for end in computer.listen if end.startswith("tls/")]
    return list(dict.fromkeys([computer.address, *listened]))


def _authority(key: ec.EllipticCurvePrivateKey, days: int) -> x509.Certificate:
    name = _name("Alpenglow car authority")
    return (
        _builder(name, name, key, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _certificate(
    identity: str,
    hosts: list[str],
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    days: int,
) -> x509.Certificate:
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if hosts:
        purposes.append(ExtendedKeyUsageOID.SERVER_AUTH)
    names = [x509.DNSName(identity), *map(_general_name, hosts)]
    return (
        _builder(_name(identity), authority.subject, key, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # a car's clock may be a little behind
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)


def _usage(**used: bool) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{purpose: used.get(purpose, False) for purpose in every.split()})


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
