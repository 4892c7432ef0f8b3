"""The recipe of the image and the style of the YAML: hadolint, yamllint, and what the recipe must contain."""

import re
import shutil
import subprocess
import sys

from truth import Truth


def check(truth: Truth):
    """Messages of what the linters and the rules of this house refuse."""
    recipe = truth.root / "deploy/images/Containerfile"
    text = recipe.read_text()
    programs = set(re.search(r'programs="([^"]*)"', text).group(1).split())
    missing = {*truth.ports, "gongxin-verify", "gongxinctl"} - programs
    if missing:
        yield f"Containerfile: {sorted(missing)} would not be in the image"
    if not re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.M):
        yield "Containerfile: the user of the image is not a number, so a cluster cannot see that it is not root"
    if re.search(r"^ARG CARGO_HTTP_CAINFO=", text, re.M):
        yield "Containerfile: CARGO_HTTP_CAINFO must have no default"
    hadolint = shutil.which("hadolint")
    if hadolint:
        # DL3008: versions of Debian's packages are those of the base image's day.
        yield from said([hadolint, "--no-color", "--ignore", "DL3008", str(recipe)])
    rules = "{extends: relaxed, rules: {line-length: {max: 120}, key-duplicates: enable, truthy: enable}}"
    yield from said([sys.executable, "-m", "yamllint", "--strict", "-d", rules, str(truth.root / "deploy")])


def said(command: list[str]):
    """The lines of a linter that found something."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        yield from (line for line in (done.stdout + done.stderr).splitlines() if line.strip())
