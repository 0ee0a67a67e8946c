"""What pyHanko finds in signed PDFs, as JSON: pyhanko_verify.py ROOT.pem FILE..."""

import json
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def judged(signature, root):
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
    return {
        "field": signature.field_name,
        "reason": str(signature.sig_object.get("/Reason", "")),
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "coverage": status.coverage.name,
        "mechanism": status.pkcs7_signature_mechanism,
        "changes": status.modification_level.name if status.modification_level else None,
    }


def main():
    root = load_cert_from_pemder(sys.argv[1])
    found = {}
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            # Strict reading would refuse every hybrid file without a look at its signatures.
            signatures = PdfFileReader(file, strict=False).embedded_signatures
            found[path] = [judged(signature, root) for signature in signatures]
    json.dump(found, sys.stdout)


main()
