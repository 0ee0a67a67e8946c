"""The envelope: there and back."""

from __future__ import annotations

import io
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable

import kyso
import pytest
from conftest import Demo

NOW = "2025-11-03T14:05:00+07:00"


def spec(**members: Any) -> dict[str, Any]:
    header = {
        "from": {"organ_id": "G99.07", "organ_name": "Văn phòng mẫu"},
        "to": [{"organ_id": "H99"}],
        "document_id": "G99.07,2025/11/03,318/VP-TH",
        "code": {"code_number": "318", "code_notation": "VP-TH"},
        "promulgation_info": {"place": "Hà Nội", "promulgation_date": "2025-11-03"},
        "subject": "V/v rà soát danh mục",
        "steering_type": 0,
    }
    return {"header": {**header, **members}, "attachments": [{"name": "a.pdf", "content": b"%PDF-1.7"}]}


def test_what_is_built_is_read_back() -> None:
    built = kyso.build_envelope(spec(), now=NOW)
    assert built == kyso.build_envelope(spec(), now=datetime.fromisoformat(NOW))
    envelope = kyso.read_envelope(built)
    assert envelope.kind == "document"
    assert envelope.dialect
    value = envelope.to_dict()
    assert value["schema"] == "kyso-envelope/1"
    assert value["header"] == spec()["header"]
    assert json.loads(envelope.to_json()) == value
    (attachment,) = envelope.attachments
    assert (attachment.name, attachment.safe_name, attachment.size) == ("a.pdf", "a.pdf", 8)
    assert attachment.content_type == "application/pdf"
    assert attachment.id and value["attachments"][0]["id"] == attachment.id
    assert attachment.read() == b"%PDF-1.7"
    assert "a.pdf" in repr(attachment) and "document" in repr(envelope)


def test_dates_may_be_dates_and_files_may_be_paths(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    issued = {"place": "Hà Nội", "promulgation_date": date(2025, 11, 3)}
    other = spec(promulgation_info=issued)
    expected = kyso.build_envelope(spec(), now=NOW)
    for attachment in (
        {"path": "a.pdf"},
        {"path": str(tmp_path / "a.pdf")},
        {"name": "a.pdf", "content": io.BytesIO(b"%PDF-1.7")},
        {"name": "a.pdf", "content": bytearray(b"%PDF-1.7")},
    ):
        other["attachments"] = [attachment]
        assert kyso.build_envelope(other, base=tmp_path, now=NOW) == expected
    # The caller's description is left as it was.
    assert other["attachments"] == [{"name": "a.pdf", "content": bytearray(b"%PDF-1.7")}]


def test_what_was_read_builds_the_same_again() -> None:
    built = kyso.build_envelope(spec(), now=NOW)
    envelope = kyso.read_envelope(built)
    again = envelope.to_dict()
    for described, attachment in zip(again["attachments"], envelope.attachments):
        described["content"] = attachment.read()
    assert kyso.build_envelope(again, now="2030-01-01T00:00:00Z") == built


def test_a_received_document_is_answered(demo: Demo) -> None:
    envelope = kyso.read_envelope(demo.envelope)
    answer = kyso.read_envelope(kyso.reply_status(envelope, "03", now=NOW))
    assert answer.kind == "status"
    status = answer.to_dict()["status"]
    assert status["status_code"] == "03"
    assert status["response_for"]["document_id"] == envelope.to_dict()["header"]["document_id"]
    other = kyso.reply_status(
        envelope, "02", description="Thiếu trang", sender="H98", addressee="G01", now=NOW
    )
    value = kyso.read_envelope(other).to_dict()
    assert value["header"]["from"]["organ_id"] == "H98"
    assert value["status"]["response_for"]["organ_id"] == "G01"
    assert value["status"]["description"] == "Thiếu trang"
    named = kyso.reply_status(envelope, "03", sender={"organ_id": "H98", "organ_name": "Sở"}, now=NOW)
    assert kyso.read_envelope(named).to_dict()["header"]["from"]["organ_name"] == "Sở"


def test_wrong_answers_are_refused() -> None:
    one = kyso.read_envelope(kyso.build_envelope(spec(), now=NOW))
    two = kyso.read_envelope(
        kyso.build_envelope(spec(to=[{"organ_id": "H98"}, {"organ_id": "H99"}]), now=NOW)
    )
    status = kyso.read_envelope(kyso.reply_status(one, "03", now=NOW))
    calls: list[Callable[[], bytes]] = [
        lambda: kyso.reply_status(one, "99"),
        lambda: kyso.reply_status(one, "02"),
        lambda: kyso.reply_status(two, "03"),
        lambda: kyso.reply_status(status, "03"),
        lambda: kyso.reply_status(one, "03", sender={"name": "x"}),
        lambda: kyso.reply_status(one, "03", now=datetime(2025, 1, 1)),
    ]
    for call in calls:
        with pytest.raises(kyso.UsageError):
            call()
    assert kyso.reply_status(two, "03", sender="H99")


def test_wrong_descriptions_are_refused(tmp_path: Path) -> None:
    wrong: list[Any] = [
        {"header": {"no_such_member": 1}},
        {"nothing": {}},
        {"header": spec()["header"], "attachments": [{"name": "a.pdf"}]},
        {"header": spec()["header"], "attachments": [{"name": "a.pdf", "content": "a path"}]},
        {"header": {"subject": object()}},
    ]
    for one in wrong:
        with pytest.raises(kyso.UsageError):
            kyso.build_envelope(one, now=NOW)
    missing = {**spec(), "attachments": [{"path": "missing.pdf"}]}
    with pytest.raises(kyso.InputError) as caught:
        kyso.build_envelope(missing, base=tmp_path, now=NOW)
    assert caught.value.filename == str(tmp_path / "missing.pdf")


def test_the_command_line_reads_what_is_built_here(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "a.edxml"
    path.write_bytes(kyso.build_envelope(spec(), now=NOW))
    done = demo.run("envelope", "show", "--format", "json", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == kyso.read_envelope(path).to_dict()


def test_an_envelope_can_be_pickled(demo: Demo) -> None:
    envelope = kyso.read_envelope(demo.envelope)
    back = pickle.loads(pickle.dumps(envelope))
    assert back.to_json() == envelope.to_json()
    assert back.attachments[0].read() == envelope.attachments[0].read() == demo.signed.read_bytes()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<a/>", b"<a", b"\xff\xfe<"])
def test_what_is_no_envelope_is_refused(content: bytes) -> None:
    with pytest.raises((kyso.MalformedError, kyso.UnsupportedError)):
        kyso.read_envelope(content)


def test_times_keep_their_zone() -> None:
    odd = datetime(2025, 11, 3, 14, 5, tzinfo=timezone(timedelta(hours=7)))
    assert kyso.build_envelope(spec(), now=odd) == kyso.build_envelope(spec(), now=NOW)


def test_the_story_of_a_document_is_told_from_its_messages() -> None:
    document = kyso.read_envelope(kyso.build_envelope(spec(), now=NOW))
    status = kyso.read_envelope(kyso.reply_status(document, "03", now=NOW))
    flow = kyso.track_envelopes([status, document, document])
    (told,) = flow.to_dict()["documents"]
    assert told["receivers"][0]["state"] == "accepted"
    assert "đã tiếp nhận" in flow.to_text("vi")
    assert "accepted" in flow.to_text()
    with pytest.raises(TypeError):
        kyso.EnvelopeFlow()
