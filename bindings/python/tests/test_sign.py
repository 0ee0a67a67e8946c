"""Signing: what is there stays, byte for byte, and nothing is written that does not verify."""

from __future__ import annotations

import io
import pickle
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import kyso
import pytest
from conftest import Demo, OpenSsl


def only(content: bytes) -> kyso.SignatureReport:
    (signature,) = kyso.verify(content).signatures
    return signature


def test_a_key_in_a_pkcs12_file_signs(demo: Demo) -> None:
    key = demo.key()
    assert key.algorithm == "rsa-pkcs1-sha256"
    assert "Nguyễn" in repr(key)
    signed = kyso.sign_pdf(demo.unsigned, signer=key, reason="Phát hành", location="Ví Dụ")
    assert signed.startswith(demo.unsigned.read_bytes())
    signature = only(signed)
    assert signature.integrity == kyso.Integrity(True, True)
    assert signature.signer is not None
    assert signature.signer.sha256 == key.certificates[0].sha256
    assert signature.format == "PAdES-BASELINE-B"


def test_a_key_in_pem_signs_with_certificates_in_any_order(demo: Demo) -> None:
    folder = demo.authority
    several = [folder / "root.pem", folder / "issuing.pem", folder / "person.pem"]
    key = kyso.LocalKey.from_pem(folder / "person.key.pem", several)
    assert key.certificates[0] == kyso.Certificate.many_from(folder / "person.pem")[0]
    assert len(key.certificates) == 3
    chained = kyso.LocalKey.from_pem(
        (folder / "person.key.pem").read_bytes(),
        (folder / "person.pem").read_bytes(),
        chain=[folder / "issuing.pem"],
    )
    assert len(chained.certificates) == 2
    signed = kyso.sign_pdf(demo.unsigned.read_bytes(), signer=chained)
    report = kyso.verify(signed, trust=demo.root)
    assert report.signatures[0].chain[-1].trust_anchor


def test_another_algorithm_of_the_key(demo: Demo) -> None:
    key = demo.key(algorithm="rsa-pss-sha256")
    assert key.algorithm == "rsa-pss-sha256"
    signature = only(kyso.sign_pdf(demo.unsigned, signer=key))
    assert signature.algorithms.signature == "RSA-PSS"
    assert signature.integrity.signature_intact
    for wrong in ("ecdsa-sha256", "rsa-pkcs1-md5"):
        with pytest.raises(kyso.UsageError):
            demo.key(algorithm=wrong)


def test_a_wrong_password_is_an_error_of_the_key(demo: Demo) -> None:
    with pytest.raises(kyso.SigningKeyError) as caught:
        kyso.LocalKey.from_p12(demo.authority / "person.p12", "wrong")
    assert (caught.value.code, caught.value.exit_status) == ("key.password", 77)


def test_a_key_that_belongs_to_no_certificate(demo: Demo) -> None:
    with pytest.raises(kyso.SigningKeyError) as caught:
        kyso.LocalKey.from_pem(demo.authority / "person.key.pem", [demo.root])
    assert caught.value.code == "key.mismatch"


def test_a_key_cannot_be_made_by_hand_or_pickled(demo: Demo) -> None:
    with pytest.raises(TypeError):
        kyso.LocalKey()
    with pytest.raises(TypeError):
        pickle.dumps(demo.key())


def test_onto_the_disk_whole_or_not_at_all(demo: Demo, tmp_path: Path) -> None:
    destination = tmp_path / "out.pdf"
    kyso.sign_pdf_file(demo.unsigned, destination, signer=demo.key())
    first = destination.read_bytes()
    assert only(first).integrity.signature_intact
    with pytest.raises(kyso.OutputError) as caught:
        kyso.sign_pdf_file(demo.unsigned, destination, signer=demo.key())
    assert isinstance(caught.value, OSError)
    assert caught.value.filename == str(destination)
    assert caught.value.exit_status == 74
    assert destination.read_bytes() == first
    kyso.sign_pdf_file(destination, str(destination), signer=demo.key("organisation"), force=True)
    second = destination.read_bytes()
    assert second.startswith(first)
    assert len(kyso.verify(second).signatures) == 2
    with pytest.raises(kyso.OutputError):
        kyso.sign_pdf_file(demo.unsigned, tmp_path / "no" / "folder.pdf", signer=demo.key())
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]


def test_the_time_the_field_and_the_form_are_those_asked_for(demo: Demo) -> None:
    at = datetime(2026, 11, 24, 8, 30, tzinfo=timezone.utc)
    settings: dict[str, Any] = {"at": at, "field": "ChuKy", "profile": "pkcs7", "name": "Ông A"}
    signed = kyso.sign_pdf(demo.unsigned, signer=demo.key(), contact="a@b.example", **settings)
    signature = only(signed)
    assert signature.id == "ChuKy"
    assert signature.signing_time.claimed == at
    assert b"adbe.pkcs7.detached" in signed
    assert signed == kyso.sign_pdf(
        demo.unsigned, signer=demo.key(), contact="a@b.example", **settings
    )


@pytest.mark.parametrize(
    "settings", [{"profile": "x"}, {"at": datetime(2026, 1, 1)}, {"at": "soon"}]
)
def test_wrong_settings_are_refused(demo: Demo, settings: dict[str, Any]) -> None:
    with pytest.raises(kyso.UsageError):
        kyso.sign_pdf(demo.unsigned, signer=demo.key(), **settings)


def test_what_is_no_pdf_cannot_be_signed(demo: Demo) -> None:
    for content in (b"", b"plain text", b"%PDF-1.7"):
        with pytest.raises(kyso.MalformedError):
            kyso.sign_pdf(content, signer=demo.key())


def test_an_object_of_your_own_signs(openssl: OpenSsl, plain_pdf: bytes) -> None:
    calls: list[tuple[bytes, bytes]] = []

    class Token:
        certificates = [openssl.certificate]
        algorithm = openssl.algorithm

        def sign(self, message: bytes, digest: bytes) -> bytes:
            calls.append((message, digest))
            return openssl.sign(message, digest)

    signature = only(kyso.sign_pdf(io.BytesIO(plain_pdf), signer=Token()))
    assert signature.integrity == kyso.Integrity(True, True)
    ((message, digest),) = calls
    assert message[0] == 0x31
    assert len(digest) == {"256": 32, "384": 48, "512": 64}.get(openssl.algorithm[-3:], 64)


def test_a_function_signs(openssl: OpenSsl, plain_pdf: bytes, tmp_path: Path) -> None:
    certificates = kyso.Certificate.many_from(openssl.certificate)
    signer = kyso.CallbackSigner(
        certificates, openssl.algorithm, lambda message, digest: openssl.sign(message, digest)
    )
    kyso.sign_pdf_file(plain_pdf, tmp_path / "out.pdf", signer=signer)
    assert only((tmp_path / "out.pdf").read_bytes()).integrity.signature_intact


def failing(demo: Demo, error: BaseException) -> kyso.CallbackSigner:
    def sign(message: bytes, digest: bytes) -> bytes:
        raise error

    return kyso.CallbackSigner(demo.authority / "person.pem", "rsa-pkcs1-sha256", sign)


def test_what_a_signer_raises_is_the_cause_of_a_signer_error(demo: Demo, tmp_path: Path) -> None:
    cause = ConnectionError("no answer")
    with pytest.raises(kyso.SignerError) as caught:
        kyso.sign_pdf_file(demo.unsigned, tmp_path / "out.pdf", signer=failing(demo, cause))
    assert caught.value.__cause__ is cause
    assert (caught.value.code, caught.value.exit_status) == ("signer.failed", 69)
    assert "ConnectionError" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_own_error_and_an_interrupt_go_through_as_they_are(demo: Demo) -> None:
    for error in (kyso.SigningKeyError("PIN refused"), KeyboardInterrupt()):
        with pytest.raises(type(error)) as caught:
            kyso.sign_pdf(demo.unsigned, signer=failing(demo, error))
        assert caught.value is error


@pytest.mark.parametrize("answer", [b"", b"x" * 256, bytes(256)])
def test_a_value_that_does_not_verify_is_never_written(demo: Demo, answer: bytes) -> None:
    signer = kyso.CallbackSigner(
        demo.authority / "person.pem", "rsa-pkcs1-sha256", lambda message, digest: answer
    )
    with pytest.raises(kyso.MismatchError):
        kyso.sign_pdf(demo.unsigned, signer=signer)


def test_a_signer_that_answers_no_bytes_is_at_fault(demo: Demo) -> None:
    signer = kyso.CallbackSigner(
        demo.authority / "person.pem",
        "rsa-pkcs1-sha256",
        lambda message, digest: "text",  # type: ignore[arg-type, return-value]
    )
    with pytest.raises(kyso.SignerError) as caught:
        kyso.sign_pdf(demo.unsigned, signer=signer)
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_signer_needs_a_certificate_and_a_known_algorithm(demo: Demo) -> None:
    own = demo.authority / "person.pem"
    for certificates, algorithm in (([], "rsa-pkcs1-sha256"), (own, "x"), (own, "ed25519")):
        signer = kyso.CallbackSigner(certificates, algorithm, lambda message, digest: b"")
        with pytest.raises(kyso.UsageError):
            kyso.sign_pdf(demo.unsigned, signer=signer)
