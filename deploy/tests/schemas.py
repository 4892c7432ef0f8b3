"""Every object fits its kind's schema, strictly; kinds nobody knows are refused."""

import copy

import kubernetes_validate

from rendered import find, name

VERSIONS = ("1.34", "1.37")
"""The oldest cluster that is meant, since `preStop.sleep` is settled there, and the newest that is known."""


def check(objects: list[dict]):
    """Messages of what does not fit; first shows the schemas what they must refuse."""
    yield from (f"schema self-test: {message}" for message in self_test(objects))
    for version in VERSIONS:
        yield from (message for object in objects for message in misfits(object, version))


def misfits(object: dict, version: str):
    """What is wrong with one object."""
    try:
        kubernetes_validate.validate(object, version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        yield f"{name(object)}: Kubernetes {version} has no kind {object['apiVersion']} {object['kind']}"
    except kubernetes_validate.ValidationError as cause:
        place = ".".join(str(step) for step in cause.path)
        yield f"{name(object)}: {place}: {cause.message} (Kubernetes {version})"


def self_test(objects: list[dict]):
    """Says which of the known mistakes went through."""
    misspelt = copy.deepcopy(find(objects, "Deployment", "intake"))
    misspelt["spec"]["strategy"] = {"rolingUpdate": {"maxSurge": 1}}
    deep = copy.deepcopy(find(objects, "Deployment", "intake"))
    deep["spec"]["template"]["spec"]["containers"][0]["securityContext"]["privilegd"] = True
    wrong_type = copy.deepcopy(find(objects, "Service", "intake"))
    wrong_type["spec"]["ports"][0]["port"] = "seven"
    unknown = {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "x"}}
    mistakes = {
        "a misspelt field": misspelt,
        "a misspelt field deep down": deep,
        "a word for a number": wrong_type,
        "an unknown kind": unknown,
    }
    for what, object in mistakes.items():
        for version in VERSIONS:
            if not list(misfits(object, version)):
                yield f"{what} went through (Kubernetes {version})"
