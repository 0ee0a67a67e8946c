"""The module gives the reports of ``test-vectors/``, byte for byte, and they follow the schema."""

from __future__ import annotations

import json
from pathlib import Path

import kyso
import pytest

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "test-vectors"
FOLDERS = sorted(path.parent for path in VECTORS.glob("*/expect.json"))


def verified(folder: Path) -> kyso.Report:
    (source,) = folder.glob("input.*")
    return kyso.verify(
        source, trust=VECTORS / "trust" / "root.pem", at="2026-06-01T12:00:00Z", name=source.name
    )


def test_there_are_vectors() -> None:
    assert len(FOLDERS) >= 12


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_module_gives_the_report_of_every_vector(folder: Path) -> None:
    expected = (folder / "expect.json").read_text(encoding="utf-8")
    assert verified(folder).to_json("en") + "\n" == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_report_of_every_vector_follows_the_schema(folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    report = verified(folder)
    for lang in ("en", "vi"):
        validator.validate(json.loads(report.to_json(lang)))
