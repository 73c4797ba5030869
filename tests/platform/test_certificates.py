"""Certificates between a car's computers: TLS itself is asked whether it trusts them."""

import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from alpenglow.platform.certificates import make_certificates
from alpenglow.platform.plan import Request, make_plan
from alpenglow.platform.problems import StackProblem
from alpenglow.platform.profile import load_profile


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    """Two computers that are both this one."""
    path = tmp_path / "two.toml"
    path.write_text(
        """\
title = "Two"
[computer.cluster]
processes = ["safety", "vehicle", "desk"]
listen = ["unixsock-stream/{run_dir}/fabric.sock", "tls/127.0.0.1:7447"]
connect = ["unixsock-stream/{run_dir}/fabric.sock"]
[computer.infotainment]
processes = ["cockpit", "assistant", "navigation"]
connect = ["tls/127.0.0.1:7447"]
"""
    )
    return path


@pytest.fixture
def folder(tmp_path: Path, profile_path: Path) -> Path:
    make_certificates(tmp_path / "keys", load_profile(str(profile_path)), days=30)
    return tmp_path / "keys"


def handshake(folder: Path, client: Path, *, server: str = "safety", host: str = "127.0.0.1") -> str:
    """Connect with mutual TLS 1.3; returns the common name that the server saw. Raises ssl.SSLError."""
    place = folder / "cluster"
    listening = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(place / "ca.pem"))
    listening.load_cert_chain(place / f"{server}.pem", place / f"{server}.key")
    listening.verify_mode = ssl.CERT_REQUIRED
    calling = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(place / "ca.pem"))
    calling.load_cert_chain(client.with_suffix(".pem"), client.with_suffix(".key"))
    near, far = socket.socketpair()
    seen: list[str | ssl.SSLError] = []

    def serve() -> None:
        try:
            with listening.wrap_socket(far, server_side=True) as connection:
                certificate = x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")
                seen.append(str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value))
                connection.send(b"!")
        except ssl.SSLError as problem:
            seen.append(problem)
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with calling.wrap_socket(near, server_hostname=host) as connection:
            connection.recv(1)
    finally:
        near.close()
        thread.join(10)
    (outcome,) = seen
    if isinstance(outcome, ssl.SSLError):
        raise outcome
    return outcome


def test_each_process_proves_its_name_to_the_router(folder: Path) -> None:
    for path in (folder / "cluster" / "vehicle", folder / "infotainment" / "cockpit"):
        assert handshake(folder, path) == path.name


def test_the_router_is_trusted_at_its_own_address_only(folder: Path) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(folder, folder / "cluster" / "vehicle", host="198.51.100.7")


def test_a_client_cannot_pose_as_the_router(folder: Path) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(folder, folder / "infotainment" / "cockpit", server="vehicle")


def test_another_cars_certificate_is_refused(folder: Path, tmp_path: Path, profile_path: Path) -> None:
    make_certificates(tmp_path / "other", load_profile(str(profile_path)), days=30)
    with pytest.raises(ssl.SSLError):
        handshake(folder, tmp_path / "other" / "cluster" / "vehicle")


def test_keys_and_secrets_are_private_and_each_computer_has_its_own(folder: Path) -> None:
    private = [*folder.rglob("*.key"), *folder.rglob("secrets.json")]
    assert len(private) == 1 + (3 + 2 + 1) + (3 + 2 + 1)  # authority; processes, people, passwords
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert not (folder / "infotainment" / "safety.key").exists()


def test_a_second_authority_in_the_same_folder_is_refused(folder: Path, profile_path: Path) -> None:
    with pytest.raises(StackProblem, match="holds certificates already"):
        make_certificates(folder, load_profile(str(profile_path)), days=30)


def test_both_computers_agree_on_passwords_and_pages(folder: Path, tmp_path: Path, profile_path: Path) -> None:
    (tmp_path / "line.toml").write_text("")
    plans = {
        computer: make_plan(
            Request(
                line=str(tmp_path),
                platform=str(profile_path),
                computer=computer,
                run_dir=tmp_path / "run",
                certificates=folder / computer,
            )
        )
        for computer in ("cluster", "infotainment")
    }
    cockpit = plans["infotainment"].settings["cockpit"]
    safety = plans["cluster"].settings["safety"]
    assert set(plans["infotainment"].settings) == {"cockpit", "assistant", "navigation", "operator", "observer"}
    assert cockpit["connect"] == ["tls/127.0.0.1:7447"]
    assert safety["users"]["cockpit"] == cockpit["secret"]
    assert safety["pages"] == cockpit["pages"]
    assert cockpit["web_token"] == safety["web_token"] != ""
    assert Path(cockpit["tls_key"]).read_bytes() == (folder / "infotainment" / "cockpit.key").read_bytes()
