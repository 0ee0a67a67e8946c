"""What signatures show, from Python."""

from __future__ import annotations

import struct
import zlib
from datetime import date

import kyso
import pytest

from conftest import Demo


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([200, 20, 30, 180]) * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_marks_are_widgets_of_one_signature(demo: Demo) -> None:
    marks = [
        kyso.Mark("copy", kind="SAO Y", organisation="Sở Nội vụ"),
        kyso.Mark("seal", picture=png(40, 40), width=36, corner="bottom-left", x=20, y=20),
    ]
    signed = kyso.sign_pdf(demo.unsigned, signer=demo.key(), marks=marks)
    assert signed.count(b"/FT/Sig") == 1
    assert signed.count(b"/Subtype/Widget") == 2
    report = kyso.verify(signed, trust=[demo.root])
    assert len(report.signatures) == 1


def test_a_draft_says_where_marks_are_and_is_not_signed(demo: Demo) -> None:
    mark = kyso.Mark("text", text="Bản chính", corner="top-left", x=12, y=5)
    draft = kyso.draft_pdf(demo.unsigned, marks=[mark])
    assert draft.content.startswith(demo.unsigned.read_bytes())
    [placed] = draft.placed
    assert placed.page == 1
    assert abs(placed.left - 12) < 0.01 and abs(placed.top - 5) < 0.01
    assert len(placed.rectangle) == 4 and placed.overlap is None


def test_issuing_needs_blanks_and_a_date_of_the_documents_year(demo: Demo) -> None:
    marks = kyso.Mark.issue("7", date(2026, 11, 5))
    assert [repr(mark) for mark in marks][0] == "<kyso.Mark number>"
    with pytest.raises(kyso.AppearanceError, match="no blank"):
        kyso.sign_pdf(demo.unsigned, signer=demo.key(), marks=marks)


def test_what_cannot_be_drawn_is_an_error_of_its_own_class(demo: Demo) -> None:
    with pytest.raises(kyso.AppearanceError, match="U\\+5B57") as raised:
        kyso.draft_pdf(demo.unsigned, marks=[kyso.Mark("appendix", document="字")])
    assert raised.value.code == "appearance"
    with pytest.raises(kyso.AppearanceError, match="neither PNG nor JPEG"):
        kyso.draft_pdf(demo.unsigned, marks=[kyso.Mark("seal", picture=b"GIF89a")])
    with pytest.raises(kyso.UsageError):
        kyso.draft_pdf(demo.unsigned, marks=[kyso.Mark("stamp")])
    with pytest.raises(kyso.UsageError):
        kyso.Mark("text", text=object())
