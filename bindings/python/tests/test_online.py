"""Asking over the network: only where it is asked for, and only whom the settings allow."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import kyso
import pytest
from conftest import Demo


def test_offline_is_the_default_and_online_is_in_the_report() -> None:
    assert kyso.verify(b"x").validation.offline
    assert not kyso.verify(b"x", online=True).validation.offline
    assert not kyso.verify(b"x", online=kyso.Online()).validation.offline
    assert kyso.verify(b"x", online=False).validation.offline


def test_a_cache_alone_is_offline_and_its_folder_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "cache"
    assert kyso.verify(b"x", cache=folder).validation.offline
    assert folder.is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(kyso.OutputError):
        kyso.Verifier(cache=tmp_path / "file" / "under")


@pytest.mark.parametrize(
    "settings",
    [
        {"allow": ["http://ca.btc/"]},
        {"allow": [""]},
        {"issuers": ["ldap://ca.btc/"]},
        {"proxy": "socks5://proxy"},
    ],
)
def test_wrong_hosts_addresses_and_proxies_are_found_when_the_settings_are_built(
    settings: dict[str, Any],
) -> None:
    with pytest.raises(kyso.UsageError):
        kyso.Verifier(online=kyso.Online(**settings))


def test_wrong_types_are_type_errors_and_nothing_changes() -> None:
    with pytest.raises(TypeError):
        kyso.Online(allow="ca.btc")
    with pytest.raises(TypeError):
        kyso.Verifier(online="yes")  # type: ignore[arg-type]
    online = kyso.Online(allow=["ca.btc"])
    with pytest.raises(AttributeError):
        online.loopback = True
    assert online.allow == ("ca.btc",) and "ca.btc" in repr(online)


def test_this_machine_is_asked_only_where_loopback_is_permitted(demo: Demo) -> None:
    # The certificates of `kyso demo` name this port, and an anchor vouches for them.
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", 8085))
    except OSError:
        pytest.skip("somebody listens at 127.0.0.1:8085")
    listener.listen()
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            asked.append(connection.recv(4_096).split(b"\r\n")[0])
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    refused = kyso.verify(demo.signed, trust=demo.root, online=True)
    codes = {reason.code for signature in refused.signatures for reason in signature.reasons}
    assert "fetch.forbidden" in codes and not asked
    online = kyso.Online(loopback=True)
    report = kyso.verify(demo.signed, trust=demo.root, online=online)
    codes = {reason.code for signature in report.signatures for reason in signature.reasons}
    assert "fetch.status" in codes
    assert b"POST /ocsp HTTP/1.1" in asked
    listener.close()
