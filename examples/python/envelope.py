"""Put a PDF into an edXML envelope, open it again, and answer it.

    python envelope.py quyet-dinh.pdf folder

Writes ``document.edxml`` and ``status.edxml`` into the folder, and the attachment beside them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import kyso


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    sent = kyso.build_envelope(
        {
            "header": {
                "from": {"organ_id": "G99.07", "organ_name": "Văn phòng mẫu"},
                "to": [{"organ_id": "H99", "organ_name": "Sở mẫu"}],
                "document_id": "G99.07,2025/11/03,318/VP-TH",
                "code": {"code_number": "318", "code_notation": "VP-TH"},
                "promulgation_info": {"place": "Hà Nội", "promulgation_date": date(2025, 11, 3)},
                "subject": "V/v rà soát danh mục",
                "steering_type": 0,
            },
            "attachments": [{"path": arguments.pdf.name}],
        },
        base=arguments.pdf.parent,
    )
    document = arguments.folder / "document.edxml"
    document.write_bytes(sent)

    received = kyso.read_envelope(document)
    print(received.to_dict()["header"]["subject"])
    for attachment in received.attachments:
        # The sender's name is data; the safe one names a file.
        (arguments.folder / attachment.safe_name).write_bytes(attachment.read())
        print(f"  {attachment.safe_name}, {attachment.size} bytes")
    print(kyso.verify(document).to_text())

    answer = kyso.reply_status(received, "03")
    (arguments.folder / "status.edxml").write_bytes(answer)
    print(kyso.read_envelope(answer).to_dict()["status"]["status_code"])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kyso.KysoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
