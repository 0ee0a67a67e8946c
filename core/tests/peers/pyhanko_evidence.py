"""What pyHanko finds in a PDF when status is demanded and nothing but the file's own evidence is at
hand, as JSON: pyhanko_evidence.py ROOT.pem FILE"""

import json
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def main():
    root = load_cert_from_pemder(sys.argv[1])
    with open(sys.argv[2], "rb") as file:
        reader = PdfFileReader(file)
        store = DocumentSecurityStore.read_dss(reader)
        context = ValidationContext(
            trust_roots=[root],
            other_certs=list(store.load_certs()),
            crls=[crl.get_object().data for crl in store.crls],
            ocsps=[ocsp.get_object().data for ocsp in store.ocsps],
            revocation_mode="require",
        )
        signature = validate_pdf_signature(reader.embedded_regular_signatures[0], context)
        archived = validate_pdf_timestamp(reader.embedded_timestamp_signatures[0], context)
    json.dump(
        {
            "bottom_line": signature.bottom_line,
            "stamped": int(signature.timestamp_validity.timestamp.timestamp()),
            "changes": signature.modification_level.name,
            "archived": archived.valid and archived.trusted and int(archived.timestamp.timestamp()),
            "names": sorted(store.vri_entries),
        },
        sys.stdout,
    )


main()
