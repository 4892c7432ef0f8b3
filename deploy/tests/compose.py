"""The compose file: everything it names is there, ports are the code's, and it holds no secret."""

import copy
import re
from pathlib import Path

import yaml

from truth import Truth

KNOWN = {
    "image", "restart", "command", "environment", "env_file", "ports", "volumes", "depends_on", "healthcheck",
    "read_only", "cap_drop", "security_opt", "stop_grace_period", "stop_signal", "profiles",
}  # fmt: skip
SETTINGS = "/etc/gongxin/settings.toml"
SERVERS = {"postgres", "nats"}


def load(truth: Truth) -> dict:
    """The file as YAML reads it, merges resolved."""
    return yaml.safe_load((truth.root / "deploy/compose/compose.yaml").read_text())


def check(truth: Truth):
    """Messages of what is wrong; first, of mistakes that this check does not see."""
    file = load(truth)
    for breaking in BREAKS:
        broken = copy.deepcopy(file)
        breaking(broken)
        if not list(misfits(broken, truth)):
            yield f"compose self-test: nobody sees {breaking.__doc__}"
    yield from misfits(file, truth)


def misfits(file: dict, truth: Truth):
    """What is wrong with this file."""
    folder = truth.root / "deploy/compose"
    services = file["services"]
    for name, service in services.items():
        yield from (f"compose: {name}: no key {key}" for key in sorted(set(service) - KNOWN))
        image = defaulted(service.get("image", ""))
        if not re.search(r":[\w.-]+$", image) or image.endswith(":latest"):
            yield f"compose: {name}: image {image or '?'} has no version"
        for other in service.get("depends_on", []):
            if other not in services:
                yield f"compose: {name} depends on {other}, which is not there"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_path = source.startswith((".", "/"))
            if not ((folder / source).is_file() if is_path else source in file["volumes"]):
                yield f"compose: {name}: volume {source} is not there"
        for env in service.get("env_file", []):
            if not (folder / env).is_file():
                yield f"compose: {name}: env_file {env} is not there"
        for port in service.get("ports", []):
            if not port.startswith("127.0.0.1:"):
                yield f"compose: {name}: port {port} is open to every network"
        if name not in SERVERS:
            confined = service.get("read_only") is True and service.get("cap_drop") == ["ALL"]
            if not confined or "no-new-privileges:true" not in service.get("security_opt", []):
                yield f"compose: {name}: is not confined"
        if "restart" not in service:
            yield f"compose: {name}: is not started again, and services do not wait for the database"
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key and not str(value).startswith("${"):
                yield f"compose: {name}: {key} stands in the file"
    programs = {*truth.ports, *(f"{s}-migrate" for s in truth.services), *SERVERS, "init"}
    if set(services) != programs:
        yield f"compose: has {sorted(set(services) ^ programs)} too many or too few"
        return
    for program, port in truth.ports.items():
        service = services[program]
        if service.get("ports") != [f"127.0.0.1:{port}:{port}"] or service["command"][0] != program:
            yield f"compose: {program}: is not {program} at {port}"
        grace = service.get("stop_grace_period", "10s")
        if int(grace.removesuffix("s")) < truth.drain + 10:
            yield f"compose: {program}: has {grace} to end, and drains for {truth.drain}s"
    words = services["init"]["command"]
    told = {words[i + 1] for i, word in enumerate(words) if word in ("--service", "--public")}
    wanted = {f"{s}=0.0.0.0:{truth.ports[s]}" for s in truth.services} | {"0.0.0.0:7110"}
    if told != wanted:
        yield f"compose: init is told {sorted(told)}"


def told(truth: Truth):
    """Each service that has settings, with their text and the variables it gets."""
    folder = truth.root / "deploy/compose"
    for service in load(truth)["services"].values():
        for volume in service.get("volumes", []):
            source, _, target = volume.partition(":")
            if target.removesuffix(":ro") == SETTINGS:
                variables = {}
                for env in service.get("env_file", []):
                    lines = (folder / env).read_text().splitlines()
                    variables.update(line.split("=", 1) for line in lines if line and not line.startswith("#"))
                variables.update(service.get("environment", {}))
                yield service, Path(folder, source).read_text(), variables


def defaulted(text: str) -> str:
    """The text with every variable at its default."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def misspelt(file):
    """a misspelt key"""
    file["services"]["intake"]["comand"] = file["services"]["intake"]["command"]


def unversioned(file):
    """an image without a version"""
    file["services"]["nats"]["image"] = "nats"


def lost_volume(file):
    """a volume that is not there"""
    file["services"]["nats"]["volumes"] = ["streams:/data"]


def lost_dependency(file):
    """a dependency that is not there"""
    file["services"]["intake"]["depends_on"] = ["postgress"]


def open_port(file):
    """a port open to every network"""
    file["services"]["intake"]["ports"] = ["7101:7101"]


def other_port(file):
    """a port that is not the code's"""
    file["services"]["intake"]["ports"] = ["127.0.0.1:7101:7102"]


def password(file):
    """a password in the file"""
    file["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] = "secret"


def hurried(file):
    """a service that is killed while it drains"""
    file["services"]["review"]["stop_grace_period"] = "10s"


BREAKS = (misspelt, unversioned, lost_volume, lost_dependency, open_port, other_port, password, hurried)
