"""Rendered manifests: how they come to be, and how to find one's way in them."""

import subprocess
from pathlib import Path

import yaml

WORKLOADS = ("Deployment", "StatefulSet", "Job", "DaemonSet", "CronJob")


def render(kubectl: Path, overlay: Path) -> list[dict]:
    """The objects of an overlay; RuntimeError with what kustomize said."""
    done = subprocess.run([kubectl, "kustomize", overlay], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"does not render: {done.stderr.strip()}")
    return [object for object in yaml.safe_load_all(done.stdout) if object]


def name(object: dict) -> str:
    """`Kind/name`, as people say it."""
    return f"{object['kind']}/{object['metadata']['name']}"


def of_kind(objects: list[dict], *kinds: str) -> list[dict]:
    """The objects of these kinds, in their order."""
    return [object for object in objects if object["kind"] in kinds]


def find(objects: list[dict], kind: str, wanted: str) -> dict:
    """The one object of that kind and name."""
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == wanted)


def pod(workload: dict) -> dict:
    """The pod template of a workload."""
    return workload["spec"]["template"]


def labels(workload: dict) -> dict:
    """The labels of its pods."""
    return pod(workload)["metadata"].get("labels", {})


def containers(workload: dict) -> list[dict]:
    """All containers of its pods, those that run first included."""
    spec = pod(workload)["spec"]
    return spec.get("initContainers", []) + spec["containers"]


def selects(selector: dict, labels: dict) -> bool:
    """Whether a selector takes pods with these labels; only the operator `In` is known here."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for expression in selector.get("matchExpressions", []):
        if expression["operator"] != "In":
            raise ValueError(f"this check does not know the operator {expression['operator']}")
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True
