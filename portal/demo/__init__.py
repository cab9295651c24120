"""The demo: Ostrey & Vale, makers of furniture, with 200 invented people and fifteen months behind them.

One organisation, one seed, filled through the services with an injected clock, so that every page has something
true to show on the first day. Nothing in here works unless the demo is switched on (`DITY_DEMO`).
"""
