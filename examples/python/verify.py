"""Verify files: who signed, when, how that is known, and whether it holds.

    python verify.py quyet-dinh.pdf [--trust root.pem] [--lang vi] [--json]

Ends with the status of the command line: 0 all passed, 1 at least one failed, 2 neither.
"""

from __future__ import annotations

import argparse
import sys

import kyso


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="+")
    parser.add_argument("--trust", action="append", metavar="PATH", help="anchors, in place of the store")
    parser.add_argument("--lang", choices=["vi", "en"], default="en")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    # One verifier for all files; threads could share it.
    verifier = kyso.Verifier(trust=arguments.trust)
    statuses = []
    for file in arguments.file:
        report = verifier.verify(file, lang=arguments.lang)
        statuses.append(report.exit_status)
        if arguments.json:
            print(report.to_json(arguments.lang))
            continue
        print(report.to_text(arguments.lang))
        for signature in report.signatures:
            who = signature.signer.common_name if signature.signer else "?"
            codes = ", ".join(reason.code for reason in signature.reasons)
            print(f"  {signature.id}: {signature.indication} ({who}) {codes}")
    # The gravest, in the order of the command line.
    return next((status for status in (65, 1, 2) if status in statuses), 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kyso.KysoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
