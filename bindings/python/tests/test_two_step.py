"""Two steps, with hours, hosts and languages between them."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path

import kyso
import pytest
from conftest import Demo, OpenSsl


def test_prepare_sign_elsewhere_complete(openssl: OpenSsl, plain_pdf: bytes) -> None:
    prepared = kyso.prepare_pdf(
        plain_pdf, certificates=[openssl.certificate], algorithm=openssl.algorithm, reason="Duyệt"
    )
    assert prepared.algorithm == openssl.algorithm
    assert prepared.field == "Signature1"
    assert prepared.certificates == kyso.Certificate.many_from(openssl.certificate)
    back = kyso.Prepared.from_bytes(prepared.to_bytes())
    assert back == prepared == pickle.loads(pickle.dumps(prepared))
    assert hash(back) == hash(prepared)
    signed = back.complete(plain_pdf, raw=openssl.sign(back.message, back.digest))
    assert signed.startswith(plain_pdf)
    (signature,) = kyso.verify(signed).signatures
    assert signature.integrity == kyso.Integrity(True, True)


def test_the_digest_is_signed_as_a_digest(demo: Demo, tmp_path: Path) -> None:
    prepared = kyso.prepare_pdf(
        demo.unsigned, certificates=demo.authority / "person.pem", algorithm="rsa-pkcs1-sha256"
    )
    (tmp_path / "digest").write_bytes(prepared.digest)
    key = demo.authority / "person.key.pem"
    command = ["openssl", "pkeyutl", "-sign", "-inkey", str(key), "-in", str(tmp_path / "digest")]
    command += ["-pkeyopt", "digest:sha256"]
    try:
        raw = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    except OSError:
        pytest.skip("openssl is not here")
    prepared.complete_file(demo.unsigned, tmp_path / "out.pdf", raw=raw)
    (signature,) = kyso.verify(tmp_path / "out.pdf").signatures
    assert signature.integrity.signature_intact
    with pytest.raises(kyso.OutputError):
        prepared.complete_file(demo.unsigned, tmp_path / "out.pdf", raw=raw)
    prepared.complete_file(demo.unsigned, tmp_path / "out.pdf", raw=raw, force=True)
    with pytest.raises(kyso.MismatchError) as caught:
        prepared.complete(demo.signed, raw=raw)
    assert caught.value.code == "complete.mismatch"
    with pytest.raises(kyso.MismatchError):
        prepared.complete(demo.unsigned, raw=raw[:-1] + bytes([raw[-1] ^ 1]))
    # The last octet first, as CryptoAPI answers, is put right.
    prepared.complete(demo.unsigned, raw=raw[::-1])
    assert prepared.explain(raw) is None
    assert "chứng thư" in (prepared.explain(b"\0" * 256, "vi") or "")
    with pytest.raises(TypeError):
        prepared.complete(demo.unsigned)
    with pytest.raises(TypeError):
        prepared.complete(demo.unsigned, raw=raw, cms=raw)


def test_the_command_line_completes_what_was_prepared_here(demo: Demo, tmp_path: Path) -> None:
    prepared = kyso.prepare_pdf(
        demo.unsigned, certificates=demo.authority / "person.pem", algorithm="rsa-pkcs1-sha256"
    )
    state, raw, message = tmp_path / "state.json", tmp_path / "raw", tmp_path / "message"
    state.write_bytes(prepared.to_bytes())
    message.write_bytes(prepared.message)
    key = str(demo.authority / "person.key.pem")
    command = ["openssl", "dgst", "-sha256", "-sign", key, "-out", str(raw), str(message)]
    try:
        subprocess.run(command, check=True)
    except OSError:
        pytest.skip("openssl is not here")
    out = tmp_path / "out.pdf"
    words = ["--state", state, "--signature", raw, "-o", out]
    done = demo.run("sign", "complete", demo.unsigned, *words)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == prepared.complete(demo.unsigned, raw=raw.read_bytes())


def test_the_room_asked_for_is_kept_free(demo: Demo) -> None:
    certificates, algorithm = demo.authority / "person.pem", "rsa-pkcs1-sha256"
    small = kyso.prepare_pdf(demo.unsigned, certificates=certificates, algorithm=algorithm)
    large = kyso.prepare_pdf(
        demo.unsigned, certificates=certificates, algorithm=algorithm, reserve=100_000
    )
    assert len(large.to_bytes()) - len(small.to_bytes()) > 100_000


def test_wrong_settings_are_refused(demo: Demo) -> None:
    own = demo.authority / "person.pem"
    for certificates, algorithm in (([], "rsa-pkcs1-sha256"), (own, "x"), (own, "ecdsa-sha256")):
        with pytest.raises(kyso.UsageError):
            kyso.prepare_pdf(demo.unsigned, certificates=certificates, algorithm=algorithm)
    with pytest.raises(kyso.MalformedError):
        kyso.prepare_pdf(demo.unsigned, certificates=b"nothing", algorithm="ed25519")


@pytest.mark.parametrize("state", [b"", b"{}", b"[1]", b"\xff", b'{"schema":"kyso-prepared/1"}'])
def test_what_is_no_state_is_refused(state: bytes) -> None:
    with pytest.raises(kyso.MalformedError):
        kyso.Prepared.from_bytes(state)


def test_the_state_of_a_newer_version_is_named_as_such() -> None:
    with pytest.raises(kyso.UnsupportedError):
        kyso.Prepared.from_bytes(b'{"schema":"kyso-prepared/2"}')


def test_a_service_makes_the_whole_cms_over_the_document_digest(
    demo: Demo, tmp_path: Path
) -> None:
    document = kyso.prepare_document(demo.unsigned, at="2026-01-02T03:04:05+07:00")
    back = kyso.PreparedDocument.from_bytes(document.to_bytes())
    assert back == document == pickle.loads(pickle.dumps(document))
    assert hash(back) == hash(document)
    assert len(document.document_digest) == 32
    with pytest.raises(kyso.UsageError):
        kyso.Prepared.from_bytes(document.to_bytes())
    # The certificate is known now; what it signs is seen by OpenSSL as any content.
    prepared = document.with_signer(demo.authority / "person.pem", "rsa-pkcs1-sha256")
    assert prepared.document_digest == document.document_digest
    key = demo.authority / "person.key.pem"
    (tmp_path / "message").write_bytes(prepared.message)
    command = ["openssl", "dgst", "-sha256", "-sign", str(key), str(tmp_path / "message")]
    try:
        raw = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    except OSError:
        pytest.skip("openssl is not here")
    signed = prepared.complete(demo.unsigned, raw=raw)
    (signature,) = kyso.verify(signed).signatures
    assert signature.coverage is not None and signature.coverage.byte_range is not None
    a, b, c, d = signature.coverage.byte_range
    (tmp_path / "content").write_bytes(signed[a : a + b] + signed[c : c + d])
    command = ["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER"]
    command += ["-inkey", str(key), "-signer", str(demo.authority / "person.pem")]
    command += ["-in", str(tmp_path / "content")]
    cms = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    # The same digest, since nothing but the hole differs.
    signed = document.complete(demo.unsigned, cms=cms)
    (signature,) = kyso.verify(signed).signatures
    assert signature.integrity == kyso.Integrity(True, True)
    document.complete_file(demo.unsigned, tmp_path / "out.pdf", cms=cms)
    assert (tmp_path / "out.pdf").read_bytes() == signed
    with pytest.raises(kyso.MismatchError):
        document.complete(demo.signed, cms=cms)
    with pytest.raises(kyso.MalformedError):
        document.complete(demo.unsigned, cms=b"no CMS")
