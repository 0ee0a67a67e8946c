"""Verifies the XML signature of each file given, by signxml, against one root certificate.

    signxml_verify.py ROOT.pem FILE…

Prints a line for each file: `ok` and the name of what is signed, or `no` and why.
"""

import sys
from datetime import datetime, timezone

from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

root = sys.argv[1]
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        data = file.read()
    try:
        document = etree.fromstring(data)
        counts = [
            int(document.xpath("count(//*[local-name()='SignedInfo'][1]/*[local-name()='Reference'])"))
        ]
        answer = XMLVerifier().verify(
            document,
            ca_pem_file=root,
            id_attribute="Id",
            expect_config=SignatureConfiguration(
                expect_references=counts[0], require_x509=True, location=".//"
            ),
            verification_time=datetime(2026, 1, 2, tzinfo=timezone.utc),
        )
        answers = answer if isinstance(answer, list) else [answer]
        print("ok", ",".join(etree.QName(one.signed_xml).localname if one.signed_xml is not None else "octets" for one in answers))
    except Exception as why:  # whatever the peer finds
        print("no", type(why).__name__, str(why).replace("\n", " ")[:200])
