"""The card of the committed checkpoint."""

import pytest

from kgqa.serve import page_card


@pytest.fixture(scope="session")
def films_card(pipeline):
    return page_card(pipeline)
