"""Sign in two steps: a phone, an HSM or a service signs the digest, hours and hosts later.

    python two_step.py prepare in.pdf state.json --cert clerk.pem --message message.bin
    openssl dgst -sha256 -sign clerk.key.pem -out raw.bin message.bin     # elsewhere
    python two_step.py complete in.pdf state.json out.pdf --raw raw.bin
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import kyso


def prepare(arguments: argparse.Namespace) -> None:
    prepared = kyso.prepare_pdf(
        arguments.input, certificates=arguments.cert, algorithm=arguments.algorithm
    )
    # The state holds no secret and not the file: it may travel.
    arguments.state.write_bytes(prepared.to_bytes())
    if arguments.message:
        arguments.message.write_bytes(prepared.message)
    # What leaves the house: 32 bytes. They are a digest already; do not hash them once more.
    print(prepared.digest.hex())


def complete(arguments: argparse.Namespace) -> None:
    prepared = kyso.Prepared.from_bytes(arguments.state.read_bytes())
    # The file has to be the very same, and the value is verified before anything is written.
    prepared.complete_file(arguments.input, arguments.output, raw=arguments.raw.read_bytes())
    print(f"{arguments.output}: {prepared.field}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(required=True)
    first = steps.add_parser("prepare")
    first.add_argument("input")
    first.add_argument("state", type=Path)
    first.add_argument("--cert", required=True, action="append", help="the signer's own first")
    first.add_argument("--algorithm", default="rsa-pkcs1-sha256")
    first.add_argument("--message", type=Path, help="for services that hash themselves")
    first.set_defaults(step=prepare)
    second = steps.add_parser("complete")
    second.add_argument("input")
    second.add_argument("state", type=Path)
    second.add_argument("output")
    second.add_argument("--raw", required=True, type=Path)
    second.set_defaults(step=complete)
    arguments = parser.parse_args()
    arguments.step(arguments)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kyso.KysoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
