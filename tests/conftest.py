"""The order of the tests: what takes long begins first, so that two workers end at about the same time."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys before the rest; otherwise the order stays as it is."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)
