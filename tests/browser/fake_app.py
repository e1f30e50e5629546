"""The page around hand-built traces: ``python tests/browser/fake_app.py PORT``. For looks and for tests, no model."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ui")]

import page_traces  # noqa: E402

from kgqa.ui.page import build_page  # noqa: E402
from kgqa.ui.service import Service  # noqa: E402
from kgqa.ui.theme import launch_options  # noqa: E402

if __name__ == "__main__":
    build_page(Service(page_traces.answer, page_traces.CARD, page_traces.about, page_traces.named)).launch(
        server_name="127.0.0.1", server_port=int(sys.argv[1]), **launch_options()
    )
