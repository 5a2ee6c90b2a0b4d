from __future__ import annotations

import ctypes
import sys

import pytest

from goodricke.line.memory import keep_freed_memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the option is one of glibc")
def test_glibc_takes_both_options() -> None:
    assert keep_freed_memory.__wrapped__() is hasattr(ctypes.CDLL(None), "gnu_get_libc_version")


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory.__wrapped__() is False
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert keep_freed_memory.__wrapped__() is False
