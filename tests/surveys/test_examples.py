"""The worked examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import surveys

MODULES = [found.name for found in pkgutil.walk_packages(surveys.__path__, "surveys.")]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
