"""Network policies as a list of edges, compared with what the code needs."""

from rendered import WORKLOADS, labels, name, of_kind, selects

POSTGRES, NATS = ("postgres", 5432), ("nats", 4222)


def needed(truth) -> set[tuple]:
    """The edges inside the namespace that the code needs: from, to, port."""
    edges = {(s, other, truth.ports[other]) for s in truth.services for other in truth.follows[s]}
    edges |= {(program, *POSTGRES) for program in truth.ports}
    edges |= {(service, *NATS) for service in truth.services}
    return edges | {(f"{service}-migrate", *POSTGRES) for service in truth.services}


def needed_outside(truth) -> set[tuple]:
    """The edges from and to the outside, by the direction as the namespace sees it."""
    edges = {("in", "staff", service, truth.ports[service]) for service in truth.services}
    edges |= {("in", "public", "disclosure-public", truth.ports["disclosure-public"])}
    edges |= {("in", "exchange", "review", truth.ports["review"])}
    edges |= {("out", "observability", program, 4317) for program in truth.ports}
    edges |= {("out", "address", service, 443) for service in truth.services}
    return edges | {("out", "address", "review", 7180)}


def check(objects: list[dict], truth):
    """Messages of edges that are missing, that are too many, or that only one end allows."""
    policies = of_kind(objects, "NetworkPolicy")
    everybody = [policy["spec"] for policy in policies if policy["spec"]["podSelector"] == {}]
    denies = [spec for spec in everybody if set(spec) == {"podSelector", "policyTypes"}]
    if [set(spec["policyTypes"]) for spec in denies] != [{"Ingress", "Egress"}]:
        yield "there is no policy that denies everything by default"
    pods = {workload["metadata"]["name"]: labels(workload) for workload in of_kind(objects, *WORKLOADS)}
    sent, taken, outside = set(), set(), set()
    for policy in policies:
        subjects = [pod for pod, has in pods.items() if selects(policy["spec"]["podSelector"], has)]
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, []):
                if not rule.get(key) or not rule.get("ports"):
                    yield f"{name(policy)}: {direction} is open to everybody or at every port"
                    continue
                for peer in rule[key]:
                    for port in rule["ports"]:
                        for subject in subjects:
                            edge(direction, peer, port["port"], subject, pods, sent, taken, outside)
    yield from differences("edge", sent & taken, needed(truth))
    for one in sorted(sent ^ taken):
        yield f"the edge {show(one)} is allowed at one end only"
    dns = {("out", "kube-system", pod, 53) for pod in pods}
    yield from differences("edge outside", outside, needed_outside(truth) | dns)


def edge(direction, peer, port, subject, pods, sent, taken, outside):
    """Puts one permission where it belongs."""
    if "ipBlock" in peer or "namespaceSelector" in peer:
        who = "address"
        if "namespaceSelector" in peer:
            wanted = peer["namespaceSelector"].get("matchLabels", {})
            who = next(iter(wanted.values()), "any namespace")
        outside.add(("in" if direction == "ingress" else "out", who, subject, port))
        return
    others = [pod for pod, has in pods.items() if selects(peer["podSelector"], has)]
    if direction == "ingress":
        taken.update((other, subject, port) for other in others)
    else:
        sent.update((subject, other, port) for other in others)


def differences(what, found, wanted):
    """Both ways in which the edges can differ."""
    for one in sorted(found - wanted):
        yield f"the {what} {show(one)} is allowed, and nothing in the code needs it"
    for one in sorted(wanted - found):
        yield f"the {what} {show(one)} is needed and not allowed"


def show(one: tuple) -> str:
    """An edge as people read it."""
    *ends, port = one
    return f"{' → '.join(ends)}:{port}"
