#!/usr/bin/env python3
"""Makes the seeds of every fuzz target from test-vectors/, into fuzz/corpus/ (not committed)."""

import pathlib
import re
import shutil

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "test-vectors"
PDF_TARGETS = ("verify", "pdf", "sign", "show")


def main() -> None:
    corpus = HERE / "corpus"
    for target in ("verify", "pdf", "sign", "show", "cms", "replaced", "envelope", "prepared"):
        (corpus / target).mkdir(parents=True, exist_ok=True)
    for path in sorted(VECTORS.glob("*/input.*")):
        name = path.parent.name
        if path.suffix == ".pdf":
            for target in PDF_TARGETS:
                shutil.copy(path, corpus / target / name)
            found = re.search(rb"/Contents\s*<([0-9A-Fa-f]{64,})>", path.read_bytes())
            if found:
                digits = found[1][: len(found[1]) // 2 * 2]
                octets = bytes.fromhex(digits.decode())
                length = 4 + int.from_bytes(octets[2:4], "big") if octets[1] == 0x82 else len(octets)
                (corpus / "cms" / name).write_bytes(octets[:length])
        else:
            shutil.copy(path, corpus / "verify" / name)
            shutil.copy(path, corpus / "envelope" / name)
    for pem in (VECTORS / "trust").glob("*.pem"):
        shutil.copy(pem, corpus / "cms" / pem.name)
    text = (VECTORS / "pdf-table" / "input.pdf").read_bytes()
    for found in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", text, re.DOTALL):
        if len(found[2]) < 4096:
            seed = bytes([int(found[1])]) + found[2]
            (corpus / "replaced" / found[1].decode()).write_bytes(seed)
    for font in (HERE.parent / "core" / "assets").glob("*.ttf"):
        shutil.copy(font, corpus / "show" / font.name)
    (corpus / "prepared" / "empty").write_bytes(b"{}")


main()
