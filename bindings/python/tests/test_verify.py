"""Verifying: whatever the bytes, a report."""

from __future__ import annotations

import dataclasses
import io
import json
import pickle
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import kyso
import pytest
from conftest import ROOT, Demo
from kyso._time import aware

AT = "2026-11-24T15:00:00+07:00"


def at_of(demo: Demo) -> datetime:
    """A time within the certificates, whatever the clock."""
    return kyso.Certificate.many_from(demo.authority / "person.pem")[0].not_before + timedelta(days=40)


def test_a_path_bytes_a_view_and_a_file_give_the_same_report(demo: Demo) -> None:
    verifier = kyso.Verifier(trust=[demo.root], at=at_of(demo))
    content = demo.signed.read_bytes()
    by_path = verifier.verify(demo.signed, name="x.pdf")
    with open(demo.signed, "rb") as file:
        assert verifier.verify(file, name="x.pdf") == by_path
    for source in (str(demo.signed), content, bytearray(content), memoryview(content)):
        assert verifier.verify(source, name="x.pdf") == by_path
    assert verifier.verify(io.BytesIO(content), name="x.pdf") == by_path
    assert verifier.verify(content).file is None
    assert verifier.verify(str(demo.signed)).file == str(demo.signed)


def test_the_report_says_who_signed_and_what_is_not_known(demo: Demo) -> None:
    report = kyso.verify(demo.signed, trust=demo.root, at=at_of(demo))
    assert report.kind == "pdf"
    assert report.error is None
    assert report.indication is kyso.Indication.INDETERMINATE
    assert report.exit_status == 2
    assert [signature.id for signature in report.signatures] == ["Signature1", "Signature2"]
    for signature in report.signatures:
        assert signature.indication is kyso.Indication.INDETERMINATE
        assert signature.integrity == kyso.Integrity(True, True)
        assert signature.algorithms.digest == "SHA-256"
        assert signature.signer is not None
        assert signature.signer.not_before.utcoffset() is not None
        assert signature.signing_time.claimed is not None
        assert signature.signing_time.claimed.utcoffset() == timedelta(hours=7)
        assert signature.signing_time.proven is None
        assert signature.chain[-1].trust_anchor
        assert signature.criteria is not None and signature.criteria["1.3"] == "passed"
        assert signature.criteria_evidence is not None
        assert signature.criteria_evidence.keys() == signature.criteria.keys()
        assert "bit" in signature.criteria_evidence["1.3"].evidence
        assert all(reason.code and reason.message for reason in signature.reasons)
    first, last = report.signatures
    assert first.coverage is not None and first.coverage.whole_file is False
    assert last.coverage is not None and last.coverage.whole_file is True
    assert last.coverage.byte_range is not None and len(last.coverage.byte_range) == 4


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_json_is_the_very_text_of_the_command_line(demo: Demo, lang: str) -> None:
    at = at_of(demo).isoformat()
    for name in ("quyet-dinh.pdf", "quyet-dinh.signed.pdf", "van-ban.edxml", "van-ban.json"):
        done = demo.run(
            "verify", "--lang", lang, "--format", "json", "--at", at, "--trust", demo.root, name
        )
        report = kyso.verify(demo.folder / name, trust=[demo.root], at=at, name=name)
        assert report.to_json(lang).encode() + b"\n" == done.stdout
        assert report.exit_status == done.returncode


def test_every_member_of_the_json_is_an_attribute(demo: Demo) -> None:
    for path in (demo.signed, demo.envelope):
        report = kyso.verify(path, trust=[demo.root], lang="vi")
        compare(json.loads(report.to_json("vi")), report)


def compare(value: object, part: object) -> None:
    """Walk JSON and typed object side by side."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "schema":
                continue
            compare(member, part[name] if hasattr(part, "keys") else getattr(part, name))  # type: ignore[index]
    elif isinstance(value, list):
        assert isinstance(part, tuple) and len(part) == len(value)
        for one, other in zip(value, part):
            compare(one, other)
    elif isinstance(part, datetime):
        assert isinstance(value, str) and part == datetime.fromisoformat(value.replace("Z", "+00:00"))
    elif isinstance(part, kyso.Indication):
        assert value == str(part)
    else:
        assert value == part or (value == "NONE" and part is None)


def test_reports_follow_the_schema(demo: Demo) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    changed = bytearray(demo.signed.read_bytes())
    changed[len(changed) // 3] ^= 1
    for source in (demo.unsigned, demo.signed, demo.envelope, bytes(changed), b"", b"%PDF-1.7", b"<x/>"):
        for lang in ("en", "vi"):
            validator.validate(json.loads(kyso.verify(source, trust=demo.root).to_json(lang)))


def test_a_changed_byte_is_a_failure(demo: Demo) -> None:
    changed = bytearray(demo.signed.read_bytes())
    at = changed.index(b"/MediaBox")
    changed[at + 11] ^= 1
    report = kyso.verify(changed, trust=demo.root)
    assert report.indication is kyso.Indication.TOTAL_FAILED
    assert report.exit_status == 1
    assert report.signatures[0].integrity.digest_intact is False


def test_an_envelope_is_judged_with_its_attachments(demo: Demo) -> None:
    report = kyso.verify(demo.envelope, trust=demo.root)
    assert report.kind == "edxml"
    (attachment,) = report.attachments
    inner = attachment.report
    assert inner is not None and len(inner.signatures) == 2
    assert json.loads(inner.to_json()) == json.loads(report.to_json())["attachments"][0]["report"]
    assert "Signature1" in inner.to_text("vi")


def test_a_report_is_frozen_comparable_and_can_be_pickled(demo: Demo) -> None:
    at = at_of(demo)
    report = kyso.verify(demo.envelope, trust=demo.root, at=at, lang="vi")
    again = kyso.verify(demo.envelope, trust=demo.root, at=at)
    other = kyso.verify(demo.envelope, trust=demo.root, at=at + timedelta(seconds=1))
    assert report == again and hash(report) == hash(again)
    assert report != other and report != 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.file = "x"  # type: ignore[misc]
    inner = report.attachments[0].report
    assert inner is not None
    with pytest.raises((AttributeError, TypeError)):
        inner.signatures[0].extra = 1  # type: ignore[attr-defined]
    back = pickle.loads(pickle.dumps(report))
    assert back == report
    for lang in ("en", "vi"):
        assert back.to_json(lang) == report.to_json(lang)
        assert back.to_text(lang) == report.to_text(lang)
    assert back.exit_status == report.exit_status
    assert back.attachments == report.attachments
    signature = inner.signatures[0]
    assert pickle.loads(pickle.dumps(signature)) == signature
    assert back.attachments[0].report.signatures[0].reasons == signature.reasons
    assert "van-ban.edxml" in repr(report) and "INDETERMINATE" in repr(report)


def test_an_unknown_signer_is_undecided_and_the_advice_says_what_to_do(demo: Demo) -> None:
    report = kyso.verify(demo.signed)
    assert report.signatures[0].sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert any(reason.advice for reason in report.signatures[0].reasons)


def test_the_store_of_the_operator_is_the_default(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYSO_TRUST_DIR", str(demo.authority))
    assert kyso.verify(demo.signed).signatures[0].chain[-1].trust_anchor


def test_anchors_are_taken_in_every_form(demo: Demo) -> None:
    pem = demo.root.read_bytes()
    (certificate,) = kyso.Certificate.many_from(pem)
    at = at_of(demo)
    expected = kyso.verify(demo.signed, trust=[demo.root], at=at)
    assert expected.signatures[0].chain[-1].trust_anchor
    for trust in ([pem], [certificate], certificate, [certificate.der], str(demo.root), (demo.root,)):
        assert kyso.verify(demo.signed, trust=trust, at=at) == expected


def test_evidence_is_a_hint_and_never_an_anchor(demo: Demo) -> None:
    at = at_of(demo)
    bare = kyso.LocalKey.from_pem(demo.authority / "person.key.pem", demo.authority / "person.pem")
    signed = kyso.sign_pdf(demo.unsigned, signer=bare)
    alone = kyso.verify(signed, trust=demo.root, at=at)
    assert alone.signatures[0].sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    issuing = demo.authority / "issuing.pem"
    helped = kyso.verify(signed, trust=demo.root, evidence=[issuing], at=at)
    assert helped.signatures[0].chain[-1].trust_anchor
    assert kyso.verify(signed, evidence=[issuing, demo.root]).indication is not None
    hint = kyso.verify(signed, evidence=[issuing, demo.root], at=at)
    assert not any(link.trust_anchor for link in hint.signatures[0].chain)


@pytest.mark.parametrize("trust", [[], [b"nothing"], [b""]])
def test_trust_that_holds_no_certificate_is_refused(trust: list[bytes]) -> None:
    with pytest.raises(kyso.UsageError) as caught:
        kyso.verify(b"x", trust=trust)
    assert caught.value.place == "trust"


def test_a_folder_passes_over_what_is_no_certificate(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("roots", encoding="utf-8")
    with pytest.raises(kyso.UsageError):
        kyso.Verifier(trust=[tmp_path])
    (tmp_path / "root.pem").write_bytes(demo.root.read_bytes())
    assert kyso.verify(demo.signed, trust=[tmp_path]).signatures[0].chain[-1].trust_anchor


def test_times_need_a_zone() -> None:
    aware = datetime(2026, 11, 24, 8, tzinfo=timezone.utc)
    report = kyso.verify(b"x", at=aware)
    assert report.validation.at == aware
    assert report == kyso.verify(b"x", at=AT) == kyso.verify(b"x", at="2026-11-24T08:00:00Z")
    odd = timezone(timedelta(hours=7, minutes=6, seconds=30))
    assert kyso.verify(b"x", at=aware.astimezone(odd)) == report
    for wrong in (datetime(2026, 11, 24, 8), "2026-11-24T08:00:00", "yesterday"):
        with pytest.raises(kyso.UsageError) as caught:
            kyso.verify(b"x", at=wrong)
        assert caught.value.place == "at"


@pytest.mark.parametrize("setting", [{"policy": "x"}, {"revocation": "x"}, {"lang": "fr"}])
def test_unknown_words_are_refused(setting: dict[str, str]) -> None:
    with pytest.raises(kyso.UsageError):
        kyso.verify(b"x", **setting)


def test_policies_and_revocation_are_in_the_report(demo: Demo) -> None:
    default = kyso.verify(demo.signed, trust=demo.root)
    other = kyso.verify(demo.signed, trust=demo.root, policy="path-only", revocation="none")
    assert (default.validation.policy, other.validation.policy) == ("default", "path-only")
    assert default.validation.policy_sha256 != other.validation.policy_sha256
    assert other.validation.offline


def test_wrong_types_are_type_errors() -> None:
    for wrong in (None, 5, object(), io.StringIO("text")):
        with pytest.raises(TypeError):
            kyso.verify(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        kyso.verify(b"x", trust=[5])  # type: ignore[list-item]


def test_threads_share_a_verifier(demo: Demo) -> None:
    verifier = kyso.Verifier(trust=demo.root, at=at_of(demo))
    expected = verifier.verify(demo.signed)
    with ThreadPoolExecutor(4) as pool:
        assert all(report == expected for report in pool.map(verifier.verify, [demo.signed] * 40))


def test_the_interpreter_is_released_meanwhile() -> None:
    content = b"%PDF-1.7\n" + bytes(200_000_000)
    done = threading.Event()
    ticks = 0

    def work() -> None:
        kyso.verify(content)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        ticks += 1
    thread.join()
    assert ticks > 3


def test_no_bytes_make_it_raise(demo: Demo) -> None:
    rng = random.Random(7)
    for path in (demo.signed, demo.envelope):
        content = path.read_bytes()
        for _ in range(60):
            cut = bytearray(content[: rng.randrange(len(content))])
            for _ in range(rng.randrange(8)):
                if cut:
                    cut[rng.randrange(len(cut))] = rng.randrange(256)
            report = kyso.verify(cut)
            assert report.indication is not kyso.Indication.TOTAL_PASSED
            assert report.exit_status in (1, 2, 65)


def test_times_beyond_the_calendar_of_python_become_the_nearest() -> None:
    # "No well-defined expiration" of RFC 5280 §4.1.2.5 is the last second of 9999 in UTC.
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert aware("9999-12-31T23:59:59Z") == aware("10000-01-01T06:59:59+07:00") == last
    assert aware("0000-01-01T00:00:00Z") == datetime(1, 1, 1, tzinfo=timezone.utc)


def _vector(name: str) -> bytes:
    folder = Path(__file__).resolve().parents[3] / "test-vectors" / name
    return (folder / "input.pdf").read_bytes()


def test_a_password_opens_an_encrypted_file() -> None:
    sealed = _vector("pdf-encrypted-password")
    closed = kyso.verify(sealed)
    assert "content.encrypted" in closed.to_json()
    for password in ("người đọc", "chủ sở hữu".encode()):
        report = kyso.verify(sealed, password=password)
        assert report.signatures[0].id == "Chữ ký số"
        assert "content.encrypted" not in report.to_json()


def test_what_a_signature_covers_is_handed_out() -> None:
    verifier = kyso.Verifier()
    twice, once = _vector("pdf-signed-twice"), _vector("pdf-table")
    assert verifier.covered(twice, 1) == once
    assert verifier.covered(twice, 2) == twice
    for number in (-1, 0, 3):
        with pytest.raises(kyso.UsageError):
            verifier.covered(twice, number)
    with pytest.raises(kyso.MalformedError):
        verifier.covered(_vector("pdf-changed-byte"), 1)


def test_doctor_says_what_a_file_will_suffer_from() -> None:
    found = kyso.Verifier().doctor(_vector("pdf-table"), lang="vi")
    assert found.exit_status == 2
    assert '"evidence.no_time_stamp"' in found.to_json()
    assert "CẢNH BÁO" in found.to_text()


def test_a_limit_by_its_name_is_reached_and_said() -> None:
    report = kyso.Verifier(limits={"pdf_revisions": 1}).verify(_vector("pdf-signed-twice"))
    assert report.error is not None and report.error.code == "input.too_large"
    with pytest.raises(kyso.UsageError):
        kyso.Verifier(limits={"pages": 1})
