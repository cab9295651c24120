"""The worked examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import analytics

MODULES = [found.name for found in pkgutil.walk_packages(analytics.__path__, "analytics.")]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
