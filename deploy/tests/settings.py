"""Settings as they will be found by the programs: accepted by `--check-config`, and every file mounted."""

import os
import subprocess
import tempfile
import tomllib
from pathlib import Path

import compose
from rendered import containers, find, name, of_kind, pod

FILE = "/etc/gongxin/settings.toml"
FOLDER = "/gongxin/"


def accepted(program: Path, text: str, environment: dict[str, str]) -> str | None:
    """What the program says against these settings; None when it takes them."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        bare = {"PATH": os.environ["PATH"], **environment}
        command = [program, "--config", file.name, "--check-config"]
        done = subprocess.run(command, capture_output=True, text=True, env=bare)
    return None if done.returncode == 0 else (done.stderr.strip() or f"ended with {done.returncode}")


def of_cluster(objects: list[dict], truth, programs: Path):
    """The settings of every Deployment and Job, with the environment that the pod gets."""
    for workload in of_kind(objects, "Deployment", "Job"):
        (container,) = containers(workload)
        program = container["args"][0]
        if container["args"][1:3] != ["--config", FILE]:
            yield f"{name(workload)}: is not told its settings"
            continue
        environment = {}
        for source in container.get("envFrom", []):
            environment.update(find(objects, "ConfigMap", source["configMapRef"]["name"])["data"])
        environment.update({variable["name"]: variable["value"] for variable in container.get("env", [])})
        text, mounted = mounts(objects, workload)
        said = accepted(programs / program, text, environment)
        if said:
            yield f"{name(workload)}: {program} refuses its settings: {said}"
        wanted = files(tomllib.loads(text))
        if workload["kind"] == "Job":
            wanted = {file for file in wanted if file.endswith("/database")}
        if wanted != mounted:
            yield f"{name(workload)}: settings name {sorted(wanted)}, mounted are {sorted(mounted)}"
        yield from same_as_code(program, tomllib.loads(text), truth)
        yield from self_test(programs / program, text, environment)


def same_as_code(program: str, table: dict, truth):
    """The port is the code's; peers are those that a service follows, and those that follow it."""
    if table["listen"] != f"0.0.0.0:{truth.ports[program]}":
        yield f"settings of {program}: listens at {table['listen']}"
    if program not in truth.services:
        return
    peers = truth.follows[program] | {other for other in truth.services if program in truth.follows[other]}
    wanted = {other: f"http://{other}:{truth.ports[other]}" for other in peers}
    found = {other: peer["url"] for other, peer in table.get("peers", {}).items()}
    if found != wanted:
        yield f"settings of {program}: peers are {found}, by the code {wanted}"


def mounts(objects: list[dict], workload: dict) -> tuple[str, set[str]]:
    """The settings file of a pod, and the files of keys that it finds."""
    volumes = {volume["name"]: volume for volume in pod(workload)["spec"]["volumes"]}
    text, mounted = "", set()
    for mount in containers(workload)[0]["volumeMounts"]:
        volume = volumes[mount["name"]]
        if mount["mountPath"] == str(Path(FILE).parent):
            text = find(objects, "ConfigMap", volume["configMap"]["name"])["data"][Path(FILE).name]
        for source in volume.get("projected", {}).get("sources", []):
            mounted |= {f"{mount['mountPath']}/{item['path']}" for item in source["secret"]["items"]}
    return text, mounted


def files(table: dict) -> set[str]:
    """Every file of keys that a table of settings names."""
    found = set()
    for value in table.values():
        if isinstance(value, dict):
            found |= files(value)
        elif isinstance(value, str) and value.startswith(FOLDER):
            found.add(value)
    return found


def of_compose(truth, programs: Path):
    """The settings of every program in the compose file; the same files as the cluster's."""
    for service, text, environment in compose.told(truth):
        program = service["command"][0]
        said = accepted(programs / program, text, environment)
        if said:
            yield f"compose: {program} refuses its settings: {said}"


def self_test(program: Path, text: str, environment: dict[str, str]):
    """A program that takes anything would make this check worthless."""
    if not accepted(program, text.replace("listen =", "lissen =", 1), environment):
        yield f"settings self-test: {program.name} takes a misspelt key"
    if not accepted(program, text, {**environment, "GONGXIN__DATEBASE": "x"}):
        yield f"settings self-test: {program.name} takes a misspelt variable"
