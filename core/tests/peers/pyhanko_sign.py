"""PDFs signed by pyHanko in several ways: pyhanko_sign.py IN.pdf RSA.p12 EC.p12 PASSWORD FOLDER"""

import io
import sys
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

PADES = SigSeedSubFilter.PADES
ADBE = SigSeedSubFilter.ADOBE_PKCS7_DETACHED


def sign(content, signer, name, subfilter=PADES, **more):
    box = more.pop("box", None)
    spec = SigFieldSpec(name, box=box, on_page=0) if box else None
    settings = signers.PdfSignatureMetadata(
        field_name=name, md_algorithm=more.pop("md", "sha256"), subfilter=subfilter, **more
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return signers.sign_pdf(writer, settings, signer=signer, new_field_spec=spec).getvalue()


def main():
    document = Path(sys.argv[1]).read_bytes()
    password = sys.argv[4].encode()
    load = signers.SimpleSigner.load_pkcs12
    rsa = load(sys.argv[2], passphrase=password)
    pss = load(sys.argv[2], passphrase=password, prefer_pss=True)
    curve = load(sys.argv[3], passphrase=password)
    pades = sign(document, rsa, "Theirs", reason="Phê duyệt")
    made = {
        "pades-rsa": pades,
        "pades-pss": sign(document, pss, "Theirs"),
        "pades-ecdsa-sha384": sign(document, curve, "Theirs", md="sha384"),
        "adbe-rsa-sha512": sign(document, rsa, "Theirs", ADBE, md="sha512"),
        "twice": sign(pades, curve, "Second", box=(50, 50, 250, 100)),
        "visible": sign(document, rsa, "Theirs", box=(50, 50, 250, 100)),
    }
    # A certification has to be the first signature.
    if not PdfFileReader(io.BytesIO(document)).embedded_signatures:
        for name, signer, permission in [
            ("certified", rsa, MDPPerm.FILL_FORMS),
            ("certified-for-good", curve, MDPPerm.NO_CHANGES),
        ]:
            made[name] = sign(
                document, signer, "Theirs", certify=True, docmdp_permissions=permission
            )
    for name, content in made.items():
        (Path(sys.argv[5]) / f"{name}.pdf").write_bytes(content)


main()
