"""Inline syntax of our own: `++ctrl+alt+del++` for keys and `H~2~O` for subscripts."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_KEYS = re.compile(r'\+\+((?:"[^"\n+]{1,24}"|[\w.-]{1,24})(?:\+(?:"[^"\n+]{1,24}"|[\w.-]{1,24})){0,5})\+\+')
_SUBSCRIPT = re.compile(r"~([^\s~`\[\]<]{1,40})~(?!~)")
_KEY_NAMES = {
    "alt": "Alt", "altgr": "AltGr", "backspace": "Backspace", "caps": "Caps Lock", "cmd": "⌘", "command": "⌘",
    "ctrl": "Ctrl", "control": "Ctrl", "del": "Del", "delete": "Del", "down": "↓", "end": "End", "enter": "Enter",
    "esc": "Esc", "escape": "Esc", "fn": "Fn", "home": "Home", "ins": "Ins", "insert": "Ins", "left": "←",
    "menu": "Menu", "opt": "⌥", "option": "⌥", "pagedown": "Page Down", "page-down": "Page Down",
    "pageup": "Page Up", "page-up": "Page Up", "plus": "+", "prtsc": "PrtSc", "print-screen": "PrtSc",
    "return": "Return", "right": "→", "shift": "Shift", "space": "Space", "tab": "Tab", "up": "↑", "win": "Win",
    "windows": "Win",
}  # fmt: skip


def install(md: MarkdownIt) -> None:
    md.inline.ruler.before("strikethrough", "keys", _keys)
    md.inline.ruler.before("strikethrough", "subscript", _subscript)


def _keys(state: StateInline, silent: bool) -> bool:
    found = _KEYS.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("keys", "kbd", 0).meta = {"keys": [_named(key) for key in found[1].split("+")]}
    state.pos = found.end()
    return True


def _named(key: str) -> str:
    if key.startswith('"'):
        return key.strip('"')
    return _KEY_NAMES.get(key.lower(), key.upper() if len(key) == 1 else key[0].upper() + key[1:])


def _subscript(state: StateInline, silent: bool) -> bool:
    found = _SUBSCRIPT.match(state.src, state.pos, state.posMax)
    if not found or (state.pos and state.src[state.pos - 1] == "~"):
        return False
    if not silent:
        state.push("subscript", "sub", 0).content = found[1]
    state.pos = found.end()
    return True
