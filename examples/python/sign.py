"""Sign a PDF with a key in a PKCS#12 file.

    python sign.py in.pdf out.pdf --p12 clerk.p12 --password-file secret.txt
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import kyso


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--p12", required=True)
    parser.add_argument("--password-file", required=True, type=Path)
    parser.add_argument("--reason", default="Phát hành văn bản")
    arguments = parser.parse_args()
    password = arguments.password_file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    key = kyso.LocalKey.from_p12(arguments.p12, password)
    # The file is mapped, the new one appears whole or not at all; neither is held in memory.
    kyso.sign_pdf_file(arguments.input, arguments.output, signer=key, reason=arguments.reason)
    print(f"{arguments.output}: {key.certificates[0].common_name}, {key.algorithm}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kyso.KysoError as error:
        print(error.message("vi"), file=sys.stderr)
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
