"""Levels: time-stamps from a service, evidence in the file, signatures raised."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import kyso
import pytest
from conftest import Demo


@dataclass(frozen=True)
class Office:
    """A sandbox that answers on this machine."""

    folder: Path
    address: str

    @property
    def tsa(self) -> str:
        return f"{self.address}/tsa"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def key(self) -> kyso.LocalKey:
        password = (self.folder / "password.txt").read_text(encoding="utf-8").split("\n")[0]
        return kyso.LocalKey.from_p12(self.folder / "person.p12", password)

    def verifier(self, *, online: bool) -> kyso.Verifier:
        return kyso.Verifier(trust=self.root, online=kyso.Online(loopback=True) if online else False)

    def judged(self, file: bytes) -> kyso.SignatureReport:
        """What the file says by itself."""
        return kyso.verify(file, trust=self.root).signatures[0]


@pytest.fixture(scope="module")
def office(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office") / "authority"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    init = [demo.program, "sandbox", "init", str(folder), "--port", str(port), "--key", "p-256"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    serve = [demo.program, "sandbox", "serve", str(folder), "--port", str(port)]
    server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Office(folder, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("b-lt", "PAdES-BASELINE-LT"),
        ("b-lta", "PAdES-BASELINE-LTA"),
    ],
)
def test_a_signature_is_made_at_a_level_and_raised_to_it(
    office: Office, plain_pdf: bytes, name: str, format: str
) -> None:
    level = kyso.Level(name, tsa=office.tsa, verifier=office.verifier(online=True))
    plain = kyso.sign_pdf(plain_pdf, signer=office.key)
    made = kyso.sign_pdf(plain_pdf, signer=office.key, level=level)
    raised = kyso.extend_pdf(plain, level=level)
    for file, before in ((made, plain_pdf), (raised, plain)):
        assert file.startswith(before)
        found = office.judged(file)
        assert (found.format, str(found.indication)) == (format, "TOTAL-PASSED")


def test_a_service_makes_b_t_the_default_and_two_steps_ask_it_too(
    office: Office, plain_pdf: bytes, tmp_path: Path
) -> None:
    level = kyso.Level(tsa=[office.tsa], tsa_digest="sha384")
    signed = kyso.sign_pdf(plain_pdf, signer=office.key, level=level)
    assert office.judged(signed).format == "PAdES-BASELINE-T"
    key = office.key
    prepared = kyso.prepare_pdf(
        plain_pdf, certificates=key.certificates, algorithm=key.algorithm, name="x"
    )
    # Another signature over the same attributes: what a phone would answer.
    phone = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", str(office.folder / "person.key.pem")],
        input=prepared.message,
        stdout=subprocess.PIPE,
        check=True,
    )
    done = prepared.complete(plain_pdf, raw=phone.stdout, level=level)
    assert office.judged(done).format == "PAdES-BASELINE-T"
    out = tmp_path / "out.pdf"
    prepared.complete_file(plain_pdf, out, raw=phone.stdout, level=level)
    assert office.judged(out.read_bytes()).format == "PAdES-BASELINE-T"


def test_missing_evidence_is_refused_with_where_it_can_be_asked(
    office: Office, plain_pdf: bytes, tmp_path: Path
) -> None:
    stamped = kyso.sign_pdf(plain_pdf, signer=office.key, level=kyso.Level(tsa=office.tsa))
    out = tmp_path / "out.pdf"
    level = kyso.Level("b-lt", verifier=office.verifier(online=False))
    with pytest.raises(kyso.RefusedError, match="/ocsp"):
        kyso.extend_pdf_file(stamped, out, level=level)
    assert not out.exists()
    level = kyso.Level("b-lt", verifier=office.verifier(online=True))
    kyso.extend_pdf_file(stamped, out, level=level)
    assert office.judged(out.read_bytes()).format == "PAdES-BASELINE-LT"
    alone = kyso.Level("document-time-stamp", tsa=office.tsa, verifier=office.verifier(online=False))
    report = kyso.verify(kyso.extend_pdf(plain_pdf, level=alone), trust=office.root)
    assert [stamp.id for stamp in report.document_timestamps] == ["TimeStamp1"]


def test_what_a_level_lacks_is_said_before_a_key_is_used(plain_pdf: bytes, demo: Demo) -> None:
    def never(message: bytes, digest: bytes) -> bytes:
        raise AssertionError("the key was used")

    key = demo.key()
    signer = kyso.CallbackSigner(key.certificates, key.algorithm, never)
    with pytest.raises(kyso.FetchError, match="no time-stamp"):
        kyso.sign_pdf(plain_pdf, signer=signer, level=kyso.Level(tsa="http://127.0.0.1:9/"))
    for level in (
        kyso.Level("b-t"),
        kyso.Level("b-x"),
        kyso.Level("b-b", tsa="http://127.0.0.1:9/"),
        kyso.Level("b-lt", tsa="http://127.0.0.1:9/"),
        kyso.Level(tsa="ftp://tsa/"),
        kyso.Level(tsa="http://127.0.0.1:9/", tsa_digest="sha1"),
        kyso.Level(tsa="http://127.0.0.1:9/", tsa_policy="policy"),
    ):
        with pytest.raises(kyso.UsageError):
            kyso.sign_pdf(plain_pdf, signer=signer, level=level)
    with pytest.raises(kyso.UsageError):
        kyso.extend_pdf(plain_pdf, level=kyso.Level("b-lt"))
    with pytest.raises(TypeError):
        kyso.sign_pdf(plain_pdf, signer=signer, level="b-t")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        kyso.Level().name = "b-t"
