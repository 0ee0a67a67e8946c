"""Makes the encrypted inputs of test-vectors anew: encrypted by qpdf, signed by pyHanko, neither of
them ours. The key is drawn here and thrown away; its certificate is trusted by nobody.

    python make_encrypted.py        (needs qpdf and pyHanko, bindings/python/requirements-test.txt)
    KYSO_UPDATE=1 cargo test -p kyso --test vectors
"""

import datetime
import pathlib
import subprocess
import tempfile

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

HERE = pathlib.Path(__file__).resolve().parent
USER, OWNER = "người đọc", "chủ sở hữu"
PLAIN = ["--object-streams=preserve"]
KINDS = {
    "pdf-encrypted-rc4-40": ["--allow-weak-crypto", "--encrypt", "", OWNER, "40", "--"],
    "pdf-encrypted-rc4-128": ["--allow-weak-crypto", "--encrypt", "", OWNER, "128", "--use-aes=n", "--"],
    "pdf-encrypted-aes-128": ["--allow-weak-crypto", "--encrypt", "", OWNER, "128", "--use-aes=y", "--"],
    "pdf-encrypted-aes-256": ["--encrypt", "", OWNER, "256", "--"],
    "pdf-encrypted-password": ["--object-streams=generate", "--encrypt", USER, OWNER, "256", "--"],
}
# qpdf spells passwords of older handlers in single octets, which has no place for these letters.
LATIN_OWNER = "owner"


def signer() -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Người thử kyso")])
    start = datetime.datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=1826))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def main() -> None:
    by = signer()
    for folder, options in KINDS.items():
        old = not folder.endswith(("256", "password"))
        options = [LATIN_OWNER if old and word == OWNER else word for word in options]
        with tempfile.TemporaryDirectory() as place:
            sealed = pathlib.Path(place) / "sealed.pdf"
            plain = HERE / "pdf-unsigned" / "input.pdf"
            subprocess.run(["qpdf", *PLAIN, *options, plain, sealed], check=True)
            out = HERE / folder / "input.pdf"
            out.parent.mkdir(exist_ok=True)
            with sealed.open("rb") as input_file, out.open("wb") as output:
                writer = IncrementalPdfFileWriter(input_file)
                writer.encrypt(USER if folder.endswith("password") else "")
                signers.sign_pdf(
                    writer,
                    signers.PdfSignatureMetadata(
                        field_name="Chữ ký số",
                        reason="Phê duyệt",
                        subfilter=fields.SigSeedSubFilter.PADES,
                        md_algorithm="sha256",
                    ),
                    signer=by,
                    output=output,
                    bytes_reserved=4096,
                )


main()
