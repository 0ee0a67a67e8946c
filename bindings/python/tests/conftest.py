"""What the tests share: a throw-away authority and documents, made by the command line program."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import kyso
import pytest

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Demo:
    """What ``kyso demo`` left behind."""

    program: str
    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority"

    @property
    def root(self) -> Path:
        return self.authority / "root.pem"

    @property
    def unsigned(self) -> Path:
        return self.folder / "quyet-dinh.pdf"

    @property
    def signed(self) -> Path:
        return self.folder / "quyet-dinh.signed.pdf"

    @property
    def envelope(self) -> Path:
        return self.folder / "van-ban.edxml"

    @property
    def password(self) -> str:
        return (self.authority / "password.txt").read_text(encoding="utf-8").split("\n")[0]

    def key(self, holder: str = "person", algorithm: Optional[str] = None) -> kyso.LocalKey:
        return kyso.LocalKey.from_p12(
            self.authority / f"{holder}.p12", self.password, algorithm=algorithm
        )

    def run(self, *words: object) -> subprocess.CompletedProcess[bytes]:
        command = [self.program, "--lang", "en", *map(str, words)]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    program = os.environ.get("KYSO_BIN")
    if not program:
        pytest.skip("KYSO_BIN does not name the program kyso (cargo build -p kyso-cli)")
    folder = tmp_path_factory.mktemp("demo") / "demo"
    # Only for reading: tests write into folders of their own.
    subprocess.run([program, "demo", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return Demo(str(Path(program).resolve()), folder)


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the operator's own trust store out of the tests."""
    monkeypatch.setenv("KYSO_TRUST_DIR", str(tmp_path / "no-store"))


@pytest.fixture(scope="session")
def plain_pdf() -> bytes:
    """One empty page, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    out = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


@dataclass(frozen=True)
class OpenSsl:
    """A key that ``openssl`` made, with a certificate of its own."""

    folder: Path
    algorithm: str

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def sign(self, message: bytes, digest: bytes) -> bytes:
        if self.algorithm != "ed25519":
            hashed = "-" + self.algorithm.rsplit("-", 1)[1]
            command = ["openssl", "dgst", hashed, "-sign", str(self.key)]
            return subprocess.run(command, input=message, stdout=subprocess.PIPE, check=True).stdout
        file = self.folder / "message"
        file.write_bytes(message)
        command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(self.key), "-in", str(file)]
        return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


@pytest.fixture(
    params=["rsa-pkcs1-sha256", "rsa-pkcs1-sha512", "ecdsa-sha256", "ecdsa-sha384", "ed25519"]
)
def openssl(request: pytest.FixtureRequest, tmp_path: Path) -> OpenSsl:
    kinds = {
        "rsa-pkcs1-sha256": ["rsa:2048"],
        "rsa-pkcs1-sha512": ["rsa:2048"],
        "ecdsa-sha256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "ecdsa-sha384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
        "ed25519": ["ed25519"],
    }
    folder = tmp_path / "openssl"
    folder.mkdir()
    made = OpenSsl(folder, request.param)
    command = ["openssl", "req", "-x509", "-nodes", "-subj", "/CN=Thu", "-days", "2"]
    command += ["-newkey", *kinds[request.param]]
    command += ["-keyout", str(made.key), "-out", str(made.certificate)]
    try:
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not here, or makes no such keys")
    return made
