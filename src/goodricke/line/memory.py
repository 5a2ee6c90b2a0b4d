"""Memory that is freed stays with the process, so that the next star need not ask the system for it again.

The search for a period makes arrays of some megabytes a star. Where the C library gives each back at once (glibc), the
system must clear the pages anew for the next star, and that is a quarter of the time of the search.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # numbers of the options in malloc.h
_KEPT = 256 << 20
_OF_ITS_OWN = 32 << 20  # bytes from which an array gets pages of its own; glibc takes no more


@cache
def keep_freed_memory() -> bool:
    """Keep up to 256 MiB of freed memory in this process; whether the C library understood (glibc does).

    >>> keep_freed_memory() in (True, False)
    True
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _KEPT) and mallopt(_MMAP_THRESHOLD, _OF_ITS_OWN))
