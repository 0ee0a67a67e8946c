"""pyHanko on the other side: signed here and verified there, signed there and verified here."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import kyso
import pytest
from conftest import Demo

pytest.importorskip("pyhanko")

from pyhanko.keys import load_cert_from_pemder  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: E402
from pyhanko.sign import signers  # noqa: E402
from pyhanko.sign.validation import validate_pdf_signature  # noqa: E402
from pyhanko_certvalidator import ValidationContext  # noqa: E402

# It logs every path that it cannot build; what counts here is said by its answer.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("profile", ["pades", "pkcs7"])
@pytest.mark.parametrize("algorithm", ["rsa-pkcs1-sha256", "rsa-pss-sha256", "rsa-pkcs1-sha512"])
def test_pyhanko_finds_our_signatures_good(demo: Demo, profile: str, algorithm: str) -> None:
    once = kyso.sign_pdf(
        demo.unsigned, signer=demo.key(algorithm=algorithm), profile=profile, reason="Phát hành"
    )
    twice = kyso.sign_pdf(once, signer=demo.key("organisation", algorithm), profile=profile)
    root = load_cert_from_pemder(str(demo.root))  # type: ignore[no-untyped-call]
    context = ValidationContext(trust_roots=[root])
    found = PdfFileReader(io.BytesIO(twice)).embedded_signatures
    assert len(found) == 2
    for signature in found:
        status = validate_pdf_signature(signature, context)
        assert status.intact and status.valid and status.trusted
    coverage = validate_pdf_signature(found[1], context).coverage
    assert coverage is not None and coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("subfilter", ["ADOBE_PKCS7_DETACHED", "PADES"])
def test_we_find_the_signatures_of_pyhanko_intact(demo: Demo, subfilter: str, tmp_path: Path) -> None:
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(demo.authority / "person.p12"), passphrase=demo.password.encode()
    )
    assert signer is not None
    settings = signers.PdfSignatureMetadata(
        field_name="Theirs", md_algorithm="sha256", subfilter=SigSeedSubFilter[subfilter]
    )
    with open(demo.unsigned, "rb") as file:
        signed = signers.sign_pdf(IncrementalPdfFileWriter(file), settings, signer=signer)
    content = signed.getvalue()
    report = kyso.verify(content, trust=demo.root)
    (signature,) = report.signatures
    assert signature.id == "Theirs"
    assert signature.integrity == kyso.Integrity(True, True)
    assert signature.chain[-1].trust_anchor
    assert signature.coverage is not None and signature.coverage.whole_file
    # And ours behind theirs.
    both = kyso.verify(kyso.sign_pdf(content, signer=demo.key("organisation")), trust=demo.root)
    assert [one.integrity for one in both.signatures] == [kyso.Integrity(True, True)] * 2
