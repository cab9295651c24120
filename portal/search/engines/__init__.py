"""Engines that can hold the index; each keeps the promise of `portal.search.engine.SearchEngine`."""
