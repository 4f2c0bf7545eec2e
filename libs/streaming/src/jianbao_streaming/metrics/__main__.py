"""`python -m jianbao_streaming.metrics`: print the page of all metrics."""

from __future__ import annotations

import sys

from jianbao_streaming.metrics.declared import DECLARED
from jianbao_streaming.metrics.page import page

if __name__ == "__main__":
    sys.stdout.write(page(DECLARED))
