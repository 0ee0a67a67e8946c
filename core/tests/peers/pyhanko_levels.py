"""What pyHanko finds in PDFs of every level, with status demanded, as JSON:
pyhanko_levels.py ROOT.pem FOLDER FILE...

FOLDER holds the lists for files that carry none. A file with a document security store has to be
enough by itself."""

import json
import logging
import sys
from pathlib import Path

from asn1crypto.crl import CertificateList
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def judged(path, root, beside):
    with open(path, "rb") as file:
        # Strict reading would refuse every hybrid file without a look at its signatures.
        reader = PdfFileReader(file, strict=False)
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            store = None

        def context():
            if store is None:
                return ValidationContext(trust_roots=[root], crls=beside, revocation_mode="require")
            return ValidationContext(
                trust_roots=[root],
                other_certs=list(store.load_certs()),
                crls=[crl.get_object().data for crl in store.crls],
                ocsps=[ocsp.get_object().data for ocsp in store.ocsps],
                revocation_mode="require",
            )

        signatures = []
        for embedded in reader.embedded_regular_signatures:
            status = validate_pdf_signature(embedded, context())
            stamp = status.timestamp_validity
            signatures.append(
                {
                    "field": embedded.field_name,
                    "bottom_line": status.bottom_line,
                    "changes": status.modification_level.name if status.modification_level else None,
                    "stamped": bool(stamp and stamp.valid and stamp.trusted),
                    "named": store is not None
                    and DocumentSecurityStore.sig_content_identifier(embedded.pkcs7_content)
                    in store.vri_entries,
                }
            )
        stamps = []
        for embedded in reader.embedded_timestamp_signatures:
            status = validate_pdf_timestamp(embedded, context())
            stamps.append(bool(status.valid and status.trusted and status.intact))
        return {"signatures": signatures, "stamps": stamps}


def main():
    root = load_cert_from_pemder(sys.argv[1])
    beside = [CertificateList.load(path.read_bytes()) for path in Path(sys.argv[2]).iterdir()]
    found = {}
    for path in sys.argv[3:]:
        try:
            found[path] = judged(path, root, beside)
        except Exception as error:  # whatever stops it is an answer too
            found[path] = {"error": repr(error)}
    json.dump(found, sys.stdout)


main()
