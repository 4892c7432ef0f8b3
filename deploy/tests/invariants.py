"""What must hold of the rendered manifests beyond their schemas; each rule is shown a break of it first."""

import copy
import os
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

import breaks
import network
from rendered import WORKLOADS, containers, find, labels, name, of_kind, pod, selects
from truth import PUBLIC, Truth

BUILT_IN = {"v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1"}
ADMIN = "postgres-admin"
"""The one Secret that no script makes: the database's administrator."""


def check(objects: list[dict], truth: Truth):
    """Messages of every rule that is broken; first, of every rule that does not see a break."""
    for rule, breaking in breaks.OF_RULES:
        broken = copy.deepcopy(objects)
        breaking(broken)
        if broken == objects:
            yield f"invariant self-test: `{breaking.__doc__}` changes nothing"
        elif not list(globals()[rule](broken, truth)):
            yield f"invariant self-test: rule {rule} does not see: {breaking.__doc__}"
    tried = {rule for rule, _ in breaks.OF_RULES}
    for rule in RULES:
        if rule.__name__ not in tried:
            yield f"invariant self-test: rule {rule.__name__} has no break to see"
        yield from rule(objects, truth)


def images(objects, truth):
    """Every image has a version, and all come from one registry."""
    registries = set()
    for workload in of_kind(objects, *WORKLOADS):
        for container in containers(workload):
            path, _, tag = container["image"].rpartition(":")
            if "/" not in path or "/" in tag or tag == "latest":
                yield f"{name(workload)}: image {container['image']} has no registry or no version"
            registries.add(path.split("/")[0])
    if len(registries) != 1:
        yield f"images come from {sorted(registries)}, not from one registry"


def confined(objects, truth):
    """Pods fit the restricted profile and more: numeric user, root file system that cannot be written."""
    for workload in of_kind(objects, *WORKLOADS):
        spec = pod(workload)["spec"]
        own = spec.get("securityContext", {})
        if own.get("runAsNonRoot") is not True or not own.get("runAsUser") or not own.get("runAsGroup"):
            yield f"{name(workload)}: runs as no user of its own"
        if own.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name(workload)}: no seccomp profile"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{name(workload)}: is given a token of the cluster"
        if any(spec.get(host) for host in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name(workload)}: shares a namespace of the node"
        if any("hostPath" in volume for volume in spec.get("volumes", [])):
            yield f"{name(workload)}: mounts a folder of the node"
        for container in containers(workload):
            context = container.get("securityContext", {})
            if context.get("readOnlyRootFilesystem") is not True:
                yield f"{name(workload)}: {container['name']} may write its root file system"
            if context.get("allowPrivilegeEscalation") is not False:
                yield f"{name(workload)}: {container['name']} may gain privileges"
            if context.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{name(workload)}: {container['name']} keeps capabilities"
    for namespace in of_kind(objects, "Namespace"):
        if namespace["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{name(namespace)}: does not enforce the restricted profile"
        for object in objects:
            if object["kind"] != "Namespace" and object["metadata"].get("namespace") != namespace["metadata"]["name"]:
                yield f"{name(object)}: lies outside the namespace"


def sized(objects, truth):
    """Requests for the scheduler, a limit of memory for the neighbours."""
    for workload in of_kind(objects, *WORKLOADS):
        for container in containers(workload):
            resources = container.get("resources", {})
            if not {"cpu", "memory"} <= set(resources.get("requests", {})):
                yield f"{name(workload)}: {container['name']} requests no processor or memory"
            if "memory" not in resources.get("limits", {}):
                yield f"{name(workload)}: {container['name']} has no limit of memory"


def probed(objects, truth):
    """What serves is asked three questions, and being alive is another question than being ready."""
    served = (truth.root / "crates/chassis/src/public.rs").read_text()
    served += (truth.root / "services/disclosure/src/public/pages.rs").read_text()
    for workload in of_kind(objects, "Deployment", "StatefulSet"):
        for container in containers(workload):
            probes = {kind: container.get(f"{kind}Probe", {}) for kind in ("startup", "readiness", "liveness")}
            ways = ("httpGet", "tcpSocket", "exec", "grpc")
            asks = {kind: {way: probe[way] for way in ways if way in probe} for kind, probe in probes.items()}
            for kind, ask in asks.items():
                if len(ask) != 1:
                    yield f"{name(workload)}: {kind} is asked in {len(ask)} ways"
            if asks["readiness"] == asks["liveness"]:
                yield f"{name(workload)}: readiness and liveness are the same question"
            ports = {port["name"] for port in container["ports"]}
            for ask in asks.values():
                http = ask.get("httpGet", {})
                if {ask[way].get("port") for way in ("httpGet", "tcpSocket") if way in ask} - ports:
                    yield f"{name(workload)}: a probe asks at a port that is not there"
                if workload["kind"] == "Deployment" and http and f'"{http["path"]}"' not in served:
                    yield f"{name(workload)}: no program serves {http['path']}"


def ends_in_order(objects, truth):
    """A pod has more time to end than the gateway needs to forget it and calls in flight need to end."""
    for workload in of_kind(objects, "Deployment"):
        waits = sum(
            container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            for container in containers(workload)
        )
        grace = pod(workload)["spec"].get("terminationGracePeriodSeconds", 30)
        if waits == 0 or grace < waits + truth.drain + 10:
            yield f"{name(workload)}: {grace} s to end are too few for {waits} + {truth.drain} and what closes after"


def budgets(objects, truth):
    """Each Deployment has one disruption budget of its own, which lets one pod go."""
    deployments = of_kind(objects, "Deployment")
    taken = []
    for budget in of_kind(objects, "PodDisruptionBudget"):
        spec = budget["spec"]
        if spec.get("maxUnavailable") != 1 or "minAvailable" in spec:
            yield f"{name(budget)}: does not let exactly one pod go, so a node can never be emptied in order"
        taken += [one["metadata"]["name"] for one in deployments if selects(spec["selector"], labels(one))]
        for other in of_kind(objects, "Job", "StatefulSet"):
            if selects(spec["selector"], labels(other)):
                yield f"{name(budget)}: also takes pods of {name(other)}"
    if sorted(taken) != sorted(one["metadata"]["name"] for one in deployments):
        yield f"disruption budgets take {sorted(taken)}"


def selectors(objects, truth):
    """Every selector takes pods, and a Service those of one workload, at a port that is there."""
    workloads = of_kind(objects, *WORKLOADS)
    for workload in of_kind(objects, "Deployment", "StatefulSet"):
        if not selects(workload["spec"]["selector"], labels(workload)):
            yield f"{name(workload)}: does not select its own pods"
        others = [w for w in workloads if w is not workload and selects(workload["spec"]["selector"], labels(w))]
        yield from (f"{name(workload)}: also selects pods of {name(other)}" for other in others)
    for service in of_kind(objects, "Service"):
        found = [w for w in workloads if selects({"matchLabels": service["spec"]["selector"]}, labels(w))]
        if len(found) != 1:
            yield f"{name(service)}: sends to pods of {len(found)} workloads"
            continue
        ports = {port["name"] for container in containers(found[0]) for port in container["ports"]}
        if not {port["targetPort"] for port in service["spec"]["ports"]} <= ports:
            yield f"{name(service)}: {name(found[0])} has no such port"
    for policy in of_kind(objects, "NetworkPolicy"):
        if not any(selects(policy["spec"]["podSelector"], labels(workload)) for workload in workloads):
            yield f"{name(policy)}: is about no pod"


def references(objects, truth):
    """Every ConfigMap, ServiceAccount, Secret and volume that is named is there; no Secret is rendered."""
    there = {(object["kind"], object["metadata"]["name"]) for object in objects}
    secrets = {f"{program}-keys" for program in truth.ports} | {"public-keys", ADMIN}
    yield from (f"{name(secret)}: a secret stands in the manifests" for secret in of_kind(objects, "Secret"))
    for workload in of_kind(objects, *WORKLOADS):
        spec = pod(workload)["spec"]
        if ("ServiceAccount", spec.get("serviceAccountName")) not in there:
            yield f"{name(workload)}: no service account {spec.get('serviceAccountName')}"
        wanted = [source["configMapRef"]["name"] for c in containers(workload) for source in c.get("envFrom", [])]
        for volume in spec.get("volumes", []):
            if "configMap" in volume:
                wanted.append(volume["configMap"]["name"])
            for secret, _ in secret_items(volume):
                if secret not in secrets:
                    yield f"{name(workload)}: nobody makes the Secret {secret}"
        yield from (f"{name(workload)}: no ConfigMap {map}" for map in wanted if ("ConfigMap", map) not in there)
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        claims = workload["spec"].get("volumeClaimTemplates", [])
        volumes |= {claim["metadata"]["name"] for claim in claims}
        mounts = {mount["name"] for container in containers(workload) for mount in container.get("volumeMounts", [])}
        if mounts != volumes:
            yield f"{name(workload)}: mounts {sorted(mounts)}, has volumes {sorted(volumes)}"


def secret_items(volume: dict):
    """The Secrets of a volume, each with the keys that are taken from it (None: all)."""
    if "secret" in volume:
        yield volume["secret"]["secretName"], volume["secret"].get("items")
    for source in volume.get("projected", {}).get("sources", []):
        if "secret" in source:
            yield source["secret"]["name"], source["secret"].get("items")


def edges(objects, truth):
    """Nothing is allowed by default, and what is allowed is what the code needs."""
    yield from network.check(objects, truth)


def plain(objects, truth):
    """Kinds of Kubernetes itself alone: no operator, no autoscaler."""
    for object in objects:
        if object["apiVersion"] not in BUILT_IN:
            yield f"{name(object)}: {object['apiVersion']} is not among {sorted(BUILT_IN)}"


def same_as_code(objects, truth):
    """Programs and ports are those of the code; each service has its migration, which alone knows the owner."""
    deployments = {one["metadata"]["name"]: one for one in of_kind(objects, "Deployment")}
    if set(deployments) != set(truth.ports):
        yield f"Deployments are {sorted(deployments)}, programs are {sorted(truth.ports)}"
    for program, workload in deployments.items():
        (container,) = containers(workload)
        ports = [port["containerPort"] for port in container["ports"]]
        if ports != [truth.ports.get(program)] or container["args"][0] != program:
            yield f"{name(workload)}: runs {container['args'][0]} at {ports}"
    for service in of_kind(objects, "Service"):
        program = service["metadata"]["name"]
        ports = [port["port"] for port in service["spec"]["ports"]]
        if program in truth.ports and ports != [truth.ports[program]]:
            yield f"{name(service)}: is at {ports}"
    migrations = {job["metadata"]["name"] for job in of_kind(objects, "Job")}
    if migrations != {f"{service}-migrate" for service in truth.services}:
        yield f"migrations are {sorted(migrations)}"
    for workload in of_kind(objects, *WORKLOADS):
        for container in containers(workload):
            knows = any(variable["name"].endswith("OWNER_URL") for variable in container.get("env", []))
            if knows != ("--migrate" in container.get("args", [])):
                yield f"{name(workload)}: the owner of the schema is for migrations, and for them alone"


def connected(objects, truth):
    """PostgreSQL takes the connections of every replica while a new one replaces it, and some of people."""
    wanted = 0
    for workload in of_kind(objects, "Deployment"):
        surge = workload["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        replicas = workload["spec"]["replicas"] + surge
        wanted += replicas * truth.connections.get(workload["metadata"]["name"], 0)
    words = " ".join(containers(find(objects, "StatefulSet", "postgres"))[0]["args"])
    takes = int(re.search(r"max_connections=(\d+)", words).group(1))
    if takes < wanted + 20:
        yield f"StatefulSet/postgres: takes {takes} connections, services may open {wanted}"


RULES = (
    images, confined, sized, probed, ends_in_order, budgets, selectors, references, edges, plain, same_as_code,
    connected,
)  # fmt: skip


def secrets(objects: list[dict], truth: Truth, kubectl: Path):
    """What `secrets.sh` makes of a folder of keys is what pods mount, and no pod gets another's private keys."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder, "keys")
        keys.mkdir()
        pairs = [*truth.services, "police", "procuratorate", "court"]
        files = [f"{pair}.{half}" for pair in pairs for half in ("key", "pub")]
        for file in [*files, *(f"{log}.log" for log in [*truth.services, "portal"]), "database"]:
            (keys / file).write_text("x")
        Path(folder, "log-keys").write_text("x")
        script = truth.root / "deploy/k8s/secrets.sh"
        environment = {**os.environ, "KUBECTL": str(kubectl), "KUBECONFIG": "/dev/null"}
        done = subprocess.run([script, folder], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        yield f"secrets.sh: {done.stderr.strip()}"
        return
    made = {o["metadata"]["name"]: set(o["data"]) for o in yaml.safe_load_all(done.stdout) if o}
    for program in truth.ports:
        log = "portal" if program == PUBLIC else program
        own = {f"{log}.log", "database"} | (set() if program == PUBLIC else {f"{program}.key"})
        own |= {"police.key"} if program == "review" else set()
        if made.get(f"{program}-keys") != own:
            yield f"secrets.sh: {program}-keys holds {sorted(made.get(f'{program}-keys', []))}, not {sorted(own)}"
    private = [key for key in made.get("public-keys", []) if not key.endswith(".pub") and key != "log-keys"]
    if private:
        yield f"secrets.sh: public-keys holds {private}"
    for workload in of_kind(objects, *WORKLOADS):
        for volume in pod(workload)["spec"].get("volumes", []):
            for secret, items in secret_items(volume):
                missing = {item["key"] for item in items or []} - made.get(secret, set())
                if secret != ADMIN and missing:
                    yield f"{name(workload)}: the Secret {secret} has no {sorted(missing)}"
