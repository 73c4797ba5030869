"""Settings of an endpoint: encrypted, checked, and with a key that nobody else can read."""

import asyncio
import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alpenglow.assistant.cloud.client import Cloud
from alpenglow.assistant.cloud.endpoint import Endpoint, check, load_endpoint, read_key
from alpenglow.assistant.cloud.errors import BadEndpoint, Unreachable
from alpenglow.assistant.cloud.redaction import Redactor
from alpenglow.assistant.cloud.request import Request

from .recorder import Recorder, message, says


@pytest.mark.parametrize(
    "url", ["https://api.example.com/v1", "http://127.0.0.1:8000/v1", "http://[::1]:8000", "http://localhost/v1"]
)
def test_https_and_this_machine_are_fine(url):
    check(Endpoint(url=url, model="m"))


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "http://10.0.0.1/v1",
        "http://127.0.0.1.example.com/v1",
        "ftp://api.example.com/v1",
        "https://user:key@api.example.com/v1",
        "https://api.example.com/v1?key=secret",
        "https:///v1",
        "https://api.example.com:port/v1",
        "https://аpi.example.com/v1",
        "api.example.com",
        "",
    ],
)
def test_what_must_not_be_used_is_told(url):
    with pytest.raises(BadEndpoint) as bad:
        check(Endpoint(url=url, model="m"))
    assert "secret" not in str(bad.value)
    assert "user:key" not in str(bad.value)


def test_in_the_clear_to_another_machine_only_if_somebody_says_so():
    check(Endpoint(url="http://10.0.0.1/v1", model="m", insecure=True))


def test_settings_are_read_from_a_file(tmp_path):
    path = tmp_path / "cloud.toml"
    path.write_text('url = "https://api.example.com/v1"\nmodel = "step"\n[limits]\ntotal_s = 20\n')
    endpoint = load_endpoint(path)
    assert endpoint.recipient == "api.example.com:443"
    assert endpoint.limits.total_s == 20


@pytest.mark.parametrize(
    "text", ["url = 3", 'url = "https://a.example"', "[[", 'url = "https://a.example"\nmodel = "m"\nkey = "k"']
)
def test_a_file_that_cannot_be_used_is_told(tmp_path, text):
    path = tmp_path / "cloud.toml"
    path.write_text(text)
    with pytest.raises(BadEndpoint, match=r"cloud\.toml"):
        load_endpoint(path)


class TestKey:
    def test_none_is_none(self):
        assert read_key(Endpoint(url="https://a.example", model="m")) == ""

    def test_from_a_file_that_only_its_owner_can_read(self, tmp_path):
        path = tmp_path / "key"
        path.write_text("sk-1\n")
        path.chmod(0o600)
        endpoint = Endpoint(url="https://a.example", model="m", key_file=str(path))
        assert read_key(endpoint) == "sk-1"
        path.chmod(0o640)
        with pytest.raises(BadEndpoint, match="chmod 600"):
            read_key(endpoint)

    @pytest.mark.parametrize("content", ["", "two words", "schlüssel", "a\nb"])
    def test_what_is_no_key_is_told_without_saying_it(self, tmp_path, content):
        path = tmp_path / "key"
        path.write_text(content)
        path.chmod(0o600)
        with pytest.raises(BadEndpoint) as bad:
            read_key(Endpoint(url="https://a.example", model="m", key_file=str(path)))
        assert not content or content not in str(bad.value)

    def test_a_variable_that_is_not_set_is_named(self, monkeypatch):
        monkeypatch.delenv("CLOUD_KEY", raising=False)
        with pytest.raises(BadEndpoint, match="CLOUD_KEY"):
            read_key(Endpoint(url="https://a.example", model="m", key_env="CLOUD_KEY"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for localhost, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    return folder


@pytest.fixture
async def secure(certificate):
    """A recorder behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    recorder = Recorder(says(message("No.")))
    server = await asyncio.start_server(recorder.serve, "127.0.0.1", 0, ssl=context)
    recorder.port = server.sockets[0].getsockname()[1]
    yield recorder
    server.close()
    server.close_clients()


async def ask(endpoint, ledger, consents):
    cloud = Cloud(endpoint, ledger=ledger, consents=consents)
    return await cloud.complete(
        Request(messages=[{"role": "user", "content": "Hello"}]), profile="owner", redactor=Redactor()
    )


async def test_a_certificate_that_nobody_vouches_for_gets_no_question(secure, agreed, ledger):
    with pytest.raises(Unreachable, match="certificate"):
        await ask(Endpoint(url=f"https://localhost:{secure.port}/v1", model="m"), ledger, agreed)
    assert not any(secure.received)
    assert ledger.bytes_out() == 0


async def test_a_fleets_own_authority_can_be_named_and_the_name_still_counts(secure, agreed, ledger, certificate):
    ca_file = str(certificate / "cert.pem")
    await ask(Endpoint(url=f"https://localhost:{secure.port}/v1", model="m", ca_file=ca_file), ledger, agreed)
    assert ledger.bytes_out() == secure.bytes
    with pytest.raises(Unreachable, match="certificate"):
        await ask(Endpoint(url=f"https://127.0.0.1:{secure.port}/v1", model="m", ca_file=ca_file), ledger, agreed)
    assert ledger.bytes_out() == secure.bytes


async def test_an_authority_that_cannot_be_read_is_told(agreed, ledger):
    with pytest.raises(BadEndpoint, match="nowhere"):
        Cloud(Endpoint(url="https://a.example", model="m", ca_file="/nowhere"), ledger=ledger, consents=agreed)
