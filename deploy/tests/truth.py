"""What the code says: services, ports, who follows whom, how long a service drains."""

import re
from dataclasses import dataclass
from pathlib import Path

PUBLIC = "disclosure-public"


@dataclass(frozen=True)
class Truth:
    """Facts that deploy/ repeats and must not get wrong."""

    root: Path
    ports: dict[str, int]
    """Port by program: the five services and the public side."""
    follows: dict[str, set[str]]
    """By service, the services whose logs it fetches."""
    drain: int
    """Seconds in which calls in flight are ended."""
    connections: dict[str, int]
    """By program, the most connections that one replica opens to the database."""

    @staticmethod
    def read(root: Path) -> "Truth":
        """Reads the sources; fails loudly where they say it in another way than before."""
        suite = (root / "xtask/src/suite/mod.rs").read_text()
        ports = {name: int(port) for name, port in re.findall(r'\("(\w+)", (7\d{3})\)', suite)}
        ports[PUBLIC] = int(one(r"\(PUBLIC, (\d+)\)", suite))
        services = sorted(path.parent.parent.name for path in root.glob("services/*/src/main.rs"))
        ports = {name: port for name, port in ports.items() if name in [*services, PUBLIC]}
        if sorted(ports) != sorted([*services, PUBLIC]):
            raise SystemExit(f"deploy: ports of {sorted(ports)} found, but there are {services}")
        follows = {}
        for service in services:
            code = (root / f"services/{service}/src/records.rs").read_text()
            names = one(r"fn follows\(&self\) -> &'static \[&'static str\] \{\s*&\[(.*?)\]", code)
            follows[service] = set(re.findall(r'"(\w+)"', names))
        run = (root / "crates/chassis/src/run.rs").read_text()
        drain = int(one(r"const DRAIN: Duration = Duration::from_secs\((\d+)\);", run))
        pools = (root / "crates/eventing/src/db.rs").read_text()
        most = sum(int(one(rf"const {name}: u32 = (\d+);", pools)) for name in ("LOOPS", "CALLS"))
        default = r"fn default_connections\(\) -> u32 {\s*(\d+)\s*}"
        most += int(one(default, (root / "crates/chassis/src/settings.rs").read_text()))
        connections = dict.fromkeys(services, most)
        connections[PUBLIC] = int(one(default, (root / "services/disclosure/src/public/settings.rs").read_text()))
        return Truth(root, ports, follows, drain, connections)

    @property
    def services(self) -> list[str]:
        """The five services, without the public side."""
        return sorted(self.follows)


def one(pattern: str, text: str) -> str:
    """The one place where the pattern stands, its group; an end of the run when there is none."""
    found = re.findall(pattern, text, re.S)
    if len(found) != 1:
        raise SystemExit(f"deploy: {len(found)} places say {pattern!r}, there should be one; adapt truth.py")
    return found[0]
