"""From what a browser says of itself to the two words its owner knows it by. Pure."""

from __future__ import annotations

import ipaddress

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""In the order they are looked for: most browsers also claim to be those further down."""


def browser_of(user_agent: str) -> str:
    """Return the browser's name, empty when it is none we know.

    >>> browser_of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0")
    'Edge'
    """
    return next((name for mark, name in BROWSERS if mark in user_agent), "")


def system_of(user_agent: str) -> str:
    """Return the system's name, empty when it is none we know.

    >>> system_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1")
    'iPhone'
    """
    return next((name for mark, name in SYSTEMS if mark in user_agent), "")


def coarse(address: str | None) -> str:
    """Return as much of an address as helps its owner to recognise a place, and no more.

    >>> coarse("203.0.113.77"), coarse("2001:db8:aa:bb::1"), coarse("10.1.2.3")
    ('203.0.x.x', '2001:db8::', '10.1.x.x')
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, 32), strict=False).network_address)
        ip = ip.ipv4_mapped
    first, second, *_rest = str(ip).split(".")
    return f"{first}.{second}.x.x"
