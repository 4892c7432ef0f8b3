"""Checks deploy/: `cargo xtask deploy` runs this with the pinned tools on PYTHONPATH.

usage: check.py --kubectl PROGRAM --programs FOLDER

Every part that can fail is first shown something that must fail, so that a check that sees nothing is
found out.
"""

import argparse
import sys
import time
from pathlib import Path

import compose
import invariants
import recipe
import schemas
import settings
from rendered import render
from truth import Truth

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Runs every part and prints what was wrong; 0 when nothing was."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kubectl", required=True, type=Path)
    arguments.add_argument("--programs", required=True, type=Path)
    given = arguments.parse_args()

    truth = Truth.read(ROOT)
    overlays = sorted(path.parent for path in (ROOT / "deploy/k8s/overlays").glob("*/kustomization.yaml"))
    wrong = [] if overlays else ["deploy/k8s/overlays: there is no overlay"]
    total = 0.0

    def part(name, run):
        nonlocal total
        begun = time.monotonic()
        try:
            found = list(run())
        except (KeyError, IndexError, ValueError, TypeError, StopIteration, RuntimeError) as cause:
            # Objects that are shaped in another way than the checks know; the other parts say more.
            found = [f"{name}: cannot be checked: {cause!r}"]
        took = time.monotonic() - begun
        total += took
        wrong.extend(found)
        print(f"deploy: {name:<24} {'FAILED' if found else 'ok':<6} {took:6.2f} s", flush=True)

    for overlay in overlays:
        rendering = []

        def rendered(overlay=overlay, rendering=rendering):
            try:
                rendering.extend(render(given.kubectl, overlay))
            except RuntimeError as cause:
                yield f"{overlay.name}: {cause}"

        name = overlay.name
        part(f"{name} renders", rendered)
        if not rendering:
            continue
        part(f"{name} schemas", lambda: schemas.check(rendering))
        part(f"{name} invariants", lambda: invariants.check(rendering, truth))
        part(f"{name} settings", lambda: settings.of_cluster(rendering, truth, given.programs))
        part(f"{name} secrets", lambda: invariants.secrets(rendering, truth, given.kubectl))
    part("compose file", lambda: compose.check(truth))
    part("compose settings", lambda: settings.of_compose(truth, given.programs))
    part("recipe and YAML style", lambda: recipe.check(truth))

    for message in wrong:
        print(f"deploy: {message}", file=sys.stderr)
    print(f"deploy: {len(wrong)} wrong, {total:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
