"""Errors: one table with the other doors."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path

import kyso
import pytest
from kyso import _errors, _kyso


def test_every_row_of_the_table_has_its_class_and_every_class_its_row() -> None:
    for kind, code, _, name, exit_status in _kyso.ERRORS:
        made = getattr(kyso, name)
        assert issubclass(made, kyso.KysoError)
        assert name in kyso.__all__
        raised = _errors._raised(
            name, kind, code, exit_status, "english", "tiếng Việt", None, None, None, None
        )
        assert type(raised) is made
        assert (raised.kind, raised.code, raised.exit_status) == (kind, code, exit_status)
    rows = {name for _, _, _, name, _ in _kyso.ERRORS}
    assert rows == {made.__name__ for made in kyso.KysoError.__subclasses__()}


def test_what_a_class_says_by_itself_is_a_row_of_the_table() -> None:
    rows = {(name, kind, code, status) for kind, code, _, name, status in _kyso.ERRORS}
    for made in kyso.KysoError.__subclasses__():
        assert (made.__name__, made.kind, made.code, made.exit_status) in rows


def test_codes_and_numbers_are_used_once() -> None:
    for column in (0, 1, 2):
        values = [row[column] for row in _kyso.ERRORS]
        assert len(set(values)) == len(values)


def test_an_error_speaks_two_languages_and_no_third() -> None:
    with pytest.raises(kyso.MalformedError) as caught:
        kyso.LocalKey.from_p12(b"not a PKCS#12", "x")
    error = caught.value
    assert str(error) == error.message() == error.message("en")
    assert "đầu vào" in error.message("vi")
    with pytest.raises(kyso.UsageError):
        error.message("fr")


def test_an_error_comes_out_of_a_pickle_as_it_went_in(tmp_path: Path) -> None:
    with pytest.raises(kyso.InputError) as caught:
        kyso.verify(tmp_path / "missing.pdf")
    error = caught.value
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kyso.InputError
    assert (back.code, back.kind, back.place, back.exit_status) == (
        error.code,
        error.kind,
        error.place,
        error.exit_status,
    )
    assert back.message("vi") == error.message("vi")


def test_a_missing_file_is_an_input_error_and_an_os_error(tmp_path: Path) -> None:
    path = tmp_path / "missing.pdf"
    with pytest.raises(OSError) as caught:
        kyso.verify(path)
    error = caught.value
    assert isinstance(error, kyso.InputError)
    assert error.errno == errno.ENOENT
    assert error.filename == str(path)
    assert error.place == str(path)
    assert error.exit_status == 66
    assert str(path) in str(error)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(kyso.InputError):
        kyso.verify(tmp_path)


def test_an_own_error_can_be_raised_by_hand() -> None:
    error = kyso.SignerError("the token is not plugged in")
    assert error.code == "signer.failed"
    assert error.message("vi") == str(error) == "the token is not plugged in"
    assert str(kyso.InputError("x")) == "x"
