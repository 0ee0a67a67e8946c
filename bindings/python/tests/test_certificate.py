"""Certificates, read."""

from __future__ import annotations

import pickle

import kyso
import pytest
from conftest import Demo, OpenSsl


def test_a_certificate_is_read_from_every_form(openssl: OpenSsl) -> None:
    (read,) = kyso.Certificate.many_from(openssl.certificate)
    assert read.common_name == "Thu" and "CN=Thu" in read.subject
    assert read.subject == read.issuer
    assert read.not_before.utcoffset() is not None
    assert (read.not_after - read.not_before).days == 2
    assert len(read.sha256) == 64 and int(read.serial, 16) > 0
    assert kyso.Certificate.from_bytes(read.der) == read
    assert kyso.Certificate.from_bytes(openssl.certificate.read_bytes()) == read
    assert pickle.loads(pickle.dumps(read)) == read
    assert {read, kyso.Certificate.from_bytes(read.der)} == {read}
    assert "Thu" in repr(read)


def test_a_bundle_holds_several(demo: Demo) -> None:
    bundle = demo.root.read_bytes() + (demo.authority / "issuing.pem").read_bytes()
    root, issuing = kyso.Certificate.many_from(bundle)
    assert issuing.issuer == root.subject and root != issuing
    with pytest.raises(kyso.UsageError):
        kyso.Certificate.from_bytes(bundle)


@pytest.mark.parametrize("content", [b"", b"text", b"0\x82", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(kyso.MalformedError):
        kyso.Certificate.many_from(content)


def test_a_certificate_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError):
        kyso.Certificate()
