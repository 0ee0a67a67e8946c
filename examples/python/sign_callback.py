"""Sign a PDF with a signer of your own; here ``openssl`` plays the token.

    python sign_callback.py in.pdf out.pdf --key clerk.key.pem --cert clerk.pem [--cert issuing.pem]

Any object with ``certificates``, ``algorithm`` and ``sign(message, digest)`` is a signer; the key
never has to be in this process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Sequence

import kyso


class Token:
    """A signer that asks another program."""

    def __init__(self, key: str, certificates: Sequence[str], algorithm: str) -> None:
        self.key = key
        self.certificates = certificates
        self.algorithm = algorithm

    def sign(self, message: bytes, digest: bytes) -> bytes:
        # This one hashes the message itself. A device that signs digests would take `digest`.
        # What is raised here is the __cause__ of the SignerError that the caller sees.
        command = ["openssl", "dgst", "-sha256", "-sign", self.key]
        return subprocess.run(command, input=message, stdout=subprocess.PIPE, check=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--key", required=True)
    parser.add_argument("--cert", required=True, action="append", help="the signer's own first")
    parser.add_argument("--algorithm", default="rsa-pkcs1-sha256")
    arguments = parser.parse_args()
    token = Token(arguments.key, arguments.cert, arguments.algorithm)
    kyso.sign_pdf_file(arguments.input, arguments.output, signer=token)
    # The same for a plain function, in memory:
    signer = kyso.CallbackSigner(arguments.cert, arguments.algorithm, token.sign)
    signed = kyso.sign_pdf(arguments.input, signer=signer, profile="pkcs7")
    print(f"{arguments.output}; in memory {len(signed)} bytes")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kyso.KysoError as error:
        print(error, "caused by", repr(error.__cause__), file=sys.stderr)
        sys.exit(error.exit_status)
