"""How benchmarks that play the same scenarios many times are asked, and how they tell what came out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any


def asked(doc: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read how many plays are wanted (`seeds`), and whether as one object (`json`)."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--json", action="store_true", help="one object, unrounded")
    return parser.parse_args(arguments)


def told(results: Mapping[str, Any], broken: Sequence[str], *, as_json: bool) -> int:
    """Print a dataclass of figures for each scenario, and which promises were not kept; returns the exit status."""
    if as_json:
        print(json.dumps({"results": [asdict(each) for each in results.values()], "broken": broken}))
    else:
        for scenario, found in results.items():
            print(f"{found.scenario}: {scenario}")
            for name, value in list(asdict(found).items())[1:]:
                print(f"  {name:16} {value:10.1f}" if abs(value) > 1 else f"  {name:16} {value:10.4f}")
        print("\n".join(f"NOT KEPT  {promise}" for promise in broken) or "all kept")
    return 1 if broken else 0
