"""One way at least to break each invariant; a rule that does not see its break is no rule."""

from rendered import containers, find, pod


def floating(objects):
    """an image without a version"""
    containers(find(objects, "Deployment", "intake"))[0]["image"] = "registry.example/gongxin:latest"


def foreign(objects):
    """an image of another registry"""
    containers(find(objects, "StatefulSet", "nats"))[0]["image"] = "elsewhere.example/nats:2.10"


def as_root(objects):
    """a pod that may be root"""
    del pod(find(objects, "Deployment", "review"))["spec"]["securityContext"]["runAsNonRoot"]


def writable(objects):
    """a root file system that may be written"""
    containers(find(objects, "StatefulSet", "postgres"))[0]["securityContext"]["readOnlyRootFilesystem"] = False


def capable(objects):
    """a capability that comes back"""
    containers(find(objects, "Job", "intake-migrate"))[0]["securityContext"]["capabilities"]["add"] = ["NET_RAW"]


def lenient(objects):
    """a namespace with the baseline profile"""
    find(objects, "Namespace", "gongxin")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = "baseline"


def unlimited(objects):
    """memory without a limit"""
    del containers(find(objects, "Deployment", "disclosure"))[0]["resources"]["limits"]["memory"]


def same_question(objects):
    """liveness that asks what readiness asks"""
    container = containers(find(objects, "Deployment", "intake"))[0]
    container["livenessProbe"] = container["readinessProbe"]


def unknown_path(objects):
    """a probe of a page that no program serves"""
    containers(find(objects, "Deployment", "intake"))[0]["readinessProbe"]["httpGet"]["path"] = "/ready"


def hurried(objects):
    """a pod that is killed while it drains"""
    pod(find(objects, "Deployment", "supervision"))["spec"]["terminationGracePeriodSeconds"] = 20


def stubborn(objects):
    """a budget that never lets the only pod go"""
    spec = find(objects, "PodDisruptionBudget", "intake")["spec"]
    del spec["maxUnavailable"]
    spec["minAvailable"] = 1


def misdirected(objects):
    """a budget that takes the pods of another service"""
    selector = find(objects, "PodDisruptionBudget", "intake")["spec"]["selector"]
    selector["matchLabels"]["app.kubernetes.io/name"] = "review"


def blind_service(objects):
    """a Service that finds no pod"""
    find(objects, "Service", "intake")["spec"]["selector"]["app.kubernetes.io/name"] = "intak"


def migration_served(objects):
    """a Service that also sends to pods of migrations"""
    del find(objects, "Service", "intake")["spec"]["selector"]["app.kubernetes.io/component"]


def lost_map(objects):
    """a ConfigMap that is not there"""
    containers(find(objects, "Deployment", "review"))[0]["envFrom"][0]["configMapRef"]["name"] = "lost"


def lost_secret(objects):
    """a Secret that nobody makes"""
    volumes = pod(find(objects, "Deployment", "review"))["spec"]["volumes"]
    volumes[1]["projected"]["sources"][0]["secret"]["name"] = "lost"


def rendered_secret(objects):
    """a secret in the manifests"""
    objects.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x", "namespace": "gongxin"}})


def dropped_edge(objects):
    """an edge that is gone at one end"""
    find(objects, "NetworkPolicy", "intake")["spec"]["ingress"][0]["from"].pop()


def added_edge(objects):
    """the public side allowed to reach the bus"""
    rule = {"to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "nats"}}}], "ports": [{"port": 4222}]}
    find(objects, "NetworkPolicy", "disclosure-public")["spec"]["egress"].append(rule)


def open_door(objects):
    """an ingress that names nobody, and so allows everybody"""
    find(objects, "NetworkPolicy", "intake")["spec"]["ingress"][0].pop("from")


def no_deny(objects):
    """no denial by default"""
    objects.remove(find(objects, "NetworkPolicy", "default-deny"))


def operator(objects):
    """an object of an operator"""
    objects.append({"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "x"}})


def other_port(objects):
    """a port that is not the code's"""
    containers(find(objects, "Deployment", "intake"))[0]["ports"][0]["containerPort"] = 8080


def owner_serves(objects):
    """a serving pod that knows the owner of the schema"""
    owner = containers(find(objects, "Job", "intake-migrate"))[0]["env"]
    containers(find(objects, "Deployment", "intake"))[0]["env"] = owner


def crowded(objects):
    """more replicas than the database has connections for"""
    find(objects, "Deployment", "intake")["spec"]["replicas"] = 8


OF_RULES = (
    ("images", floating),
    ("images", foreign),
    ("confined", as_root),
    ("confined", writable),
    ("confined", capable),
    ("confined", lenient),
    ("sized", unlimited),
    ("probed", same_question),
    ("probed", unknown_path),
    ("ends_in_order", hurried),
    ("budgets", stubborn),
    ("budgets", misdirected),
    ("selectors", blind_service),
    ("selectors", migration_served),
    ("references", lost_map),
    ("references", lost_secret),
    ("references", rendered_secret),
    ("edges", dropped_edge),
    ("edges", added_edge),
    ("edges", open_door),
    ("edges", no_deny),
    ("plain", operator),
    ("same_as_code", other_port),
    ("same_as_code", owner_serves),
    ("connected", crowded),
)
