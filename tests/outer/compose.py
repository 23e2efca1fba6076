#!/usr/bin/env python3
"""Reads docker-compose.yml for what its syntax cannot promise.

    compose.py FILE

One door to the outside; each secret comes from a file, and reaches those alone who need it; what
is mounted is there; the profiles are those that the head names. A control breaks each promise once
and must see it.
"""

import copy
import pathlib
import re
import sys

import yaml

SERVICES = ("registration", "scheduling", "mentorship", "evaluation")
# Who may read what, besides the owner that a secret's name begins with.
READERS = {
    "trusted-keys": SERVICES,
    "link-key": SERVICES,
    "needs-keys": ("registration",),
    "pair-keys": ("mentorship",),
    "answer-keys": ("evaluation",),
    "issuer-keys": ("evaluation",),
    "postgres-password": ("postgres",),
    "nats-users.conf": ("nats",),
    "grafana-password": ("grafana",),
}
# Who has business outside: mail and webhooks, open data.
OUTSIDE = {"registration", "mentorship"}
PROFILES = {"replicas", "mail", "observe", "traces", "demo"}


def readers(secret):
    if secret in READERS:
        return READERS[secret]
    owner = secret.split("-")[0]
    return (owner, "postgres") if secret.endswith("-database-password") else (owner,)


def is_ours(service):
    return str(service.get("image", "")).startswith("akademi:")


def faults(compose, folder):
    services, secrets = compose["services"], compose["secrets"]
    for name, service in services.items():
        owner = re.sub(r"-2$", "", name)
        if service.get("ports") and name != "gateway":
            yield f"{name} publishes a port"
        for other in service.get("depends_on", {}):
            if other not in services:
                yield f"{name} waits for {other}, which does not exist"
            elif services[other].get("profiles"):
                yield f"{name} waits for {other}, which only a profile starts"
        for secret in service.get("secrets", []):
            if secret not in secrets:
                yield f"{name} reads the secret {secret}, which does not exist"
            elif owner not in readers(secret):
                yield f"{name} reads {secret}, which is not its own"
        for key, value in service.get("environment", {}).items():
            is_file = str(value).startswith("/run/secrets/")
            if re.search("PASSWORD|SECRET|LINK_KEY|_KEYS|DATABASE_URL|EVENTS_URL|KEY_FILE", key) and not is_file:
                yield f"{name}: {key} is written down instead of read from a secret"
            if is_file and str(value).removeprefix("/run/secrets/") not in service.get("secrets", []):
                yield f"{name}: {key} names a secret that is not given to it"
        if owner not in OUTSIDE and "outside" in (service.get("networks") or []):
            yield f"{name} has a way out and no business there"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./") and folder and not (folder / source).exists():
                yield f"{name} mounts {source}, which is not there"
            if not source.startswith("./") and source not in compose["volumes"]:
                yield f"{name} mounts {source}, which is not declared"
        if not set(service.get("profiles", [])) <= PROFILES:
            yield f"{name} has a profile that nobody knows"
        if is_ours(service) and (
            not service.get("read_only") or service.get("cap_drop") != ["ALL"]
            or service.get("security_opt") != ["no-new-privileges:true"]
        ):
            yield f"{name} has more rights than it needs"
    for name in (*SERVICES, "gateway"):
        if name not in services:
            yield f"{name} is missing"
        elif services[name].get("profiles"):
            yield f"{name} is not started without a profile"
    for name in SERVICES:
        twin = services.get(f"{name}-2", {})
        if (twin.get("networks", {}).get("services") or {}).get("aliases") != [name]:
            yield f"{name} has no second process that is found under its name"
    if "databases" in services.get("gateway", {}).get("networks", []):
        yield "the gateway reaches the databases"
    if not services.get("gateway", {}).get("ports"):
        yield "there is no door at all"
    for name in ("services", "databases", "figures"):
        if not (compose["networks"].get(name) or {}).get("internal"):
            yield f"the network {name} leads outside"
    if {one for service in services.values() for one in service.get("profiles", [])} != PROFILES:
        yield "a profile that is told of is not there"


def control(compose):
    def on(name):
        return lambda change: lambda c: change(c["services"][name])

    breaks = [
        on("scheduling")(lambda s: s.update(ports=["8082:8082"])),
        on("scheduling")(lambda s: s.update(depends_on={"nobody": {}})),
        on("scheduling")(lambda s: s["secrets"].append("registration-database-url")),
        on("scheduling")(lambda s: s["secrets"].append("nothing")),
        on("scheduling")(lambda s: s["secrets"].append("gateway-key")),
        on("mentorship-2")(lambda s: s["secrets"].append("answer-keys")),
        on("scheduling")(lambda s: s["environment"].update(AKADEMI_DATABASE_URL_FILE="postgres://a:b@c/d")),
        on("registration")(lambda s: s["environment"].update(AKADEMI_LINK_KEY="secret")),
        on("registration")(lambda s: s["secrets"].remove("needs-keys")),
        on("postgres")(lambda s: s["volumes"].append("other:/x")),
        on("mentorship")(lambda s: s.update(read_only=False)),
        on("gateway")(lambda s: s["networks"].append("databases")),
        on("gateway")(lambda s: s.pop("ports")),
        on("evaluation")(lambda s: s["networks"].update(outside=None)),
        on("gateway")(lambda s: s.update(profiles=["observe"])),
        on("evaluation-2")(lambda s: s.update(networks={"services": None})),
        lambda c: c["services"].pop("evaluation"),
        lambda c: c["networks"]["databases"].update(internal=False),
    ]
    for number, break_it in enumerate(breaks):
        broken = copy.deepcopy(compose)
        break_it(broken)
        if not list(faults(broken, None)):
            sys.exit(f"compose.py: control failed: break {number} was not seen")
    return len(breaks)


def main(file):
    with open(file, encoding="utf-8") as stream:
        compose = yaml.safe_load(stream)
    # Anchors give the same list twice; a change of one must not be a change of the other.
    compose = copy.deepcopy(yaml.safe_load(yaml.dump(compose, Dumper=Plain)))
    found = list(faults(compose, pathlib.Path(file).parent))
    if found:
        sys.exit("compose.py:\n  " + "\n  ".join(found))
    print(f"-- compose: {len(compose['services'])} services; control: {control(compose)} breaks, all seen")


class Plain(yaml.SafeDumper):
    """Writes what stands behind an anchor in each place anew."""

    def ignore_aliases(self, data):
        return True


if __name__ == "__main__":
    main(*sys.argv[1:])
