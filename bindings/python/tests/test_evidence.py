"""Evidence bundles: kept, and the verdict given again."""

from __future__ import annotations

import json
from pathlib import Path

import kyso
import pytest
from conftest import Demo

AT = "2026-02-04T16:29:58+07:00"


def test_a_report_is_had_again_from_the_bundle_and_the_anchors(demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "kept.json"
    first = kyso.verify(
        demo.signed, trust=[demo.root], revocation="none", evidence_out=out, name="a.pdf"
    )
    assert first.differences is None
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["schema"] == "kyso-evidence/1"
    assert document["report"]["en"] == json.loads(first.to_json())
    for evidence in (out, out.read_bytes()):
        again = kyso.verify(demo.signed, trust=[demo.root], evidence=[evidence], name="a.pdf")
        assert again.to_json("vi") == first.to_json("vi")
        assert again.differences == ()


def test_a_bundle_brings_no_trust_and_is_about_one_file(demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "kept.json"
    kyso.verify(demo.signed, trust=[demo.root], revocation="none", evidence_out=out)
    again = kyso.verify(demo.signed, evidence=[out])
    assert again.indication != "TOTAL-PASSED"
    assert again.differences is not None
    assert "evidence.other_trust" in [code for code, _ in again.differences]
    with pytest.raises(kyso.UsageError):
        kyso.verify(demo.unsigned, evidence=[out])
    out.write_text(out.read_text(encoding="utf-8").replace("{", "{ ", 1), encoding="utf-8")
    changed = out.read_bytes()
    changed = changed.replace(b"{ ", b"{", 1).replace(b'"size":', b'"size": ', 1)
    with pytest.raises(kyso.KysoError):
        kyso.verify(demo.signed, evidence=[changed])
    with pytest.raises(kyso.OutputError):
        kyso.verify(demo.signed, at=AT, evidence_out=tmp_path / "gone" / "kept.json")
