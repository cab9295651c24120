"""The floor every feature stands on: database, errors, permissions, clock, markup, forms, assets.

Imports no feature. What features have to offer reaches the core as `Feature` declarations that the factory collects.
"""
