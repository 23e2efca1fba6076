#!/usr/bin/env python3
"""Reads docker-compose.yml for what its syntax cannot promise.

    compose.py FILE

One door to the outside; each private key and each database password where it belongs and nowhere
else; no secret written down. A control breaks each promise once and must see it.
"""

import copy
import re
import sys

import yaml

SERVICES = ("registration", "scheduling", "mentorship", "evaluation")


def faults(compose):
    services = compose["services"]
    for name, service in services.items():
        environment = service.get("environment", {})
        if service.get("ports") and name != "gateway":
            yield f"{name} publishes a port"
        for other in service.get("depends_on", {}):
            if other not in services:
                yield f"{name} waits for {other}, which does not exist"
        for key, value in environment.items():
            if re.search("PASSWORD|LINK_KEY|NEEDS_KEYS|DATABASE_URL", key) and not re.search(r"\$\{\w+:\?", str(value)):
                yield f"{name}: {key} is written down instead of taken from the environment"
            for owner in SERVICES:
                if f"{owner.upper()}_DATABASE_PASSWORD" in str(value) and name not in (owner, "postgres"):
                    yield f"{name} knows the database password of {owner}"
        for volume in service.get("volumes", []):
            owner = re.match(r"key-(\w+):", volume)
            if owner and name not in (owner[1], "keys"):
                yield f"{name} mounts the private key of {owner[1]}"
    for name in (*SERVICES, "gateway"):
        if name not in services:
            yield f"{name} is missing"
        elif not services[name].get("read_only") or services[name].get("cap_drop") != ["ALL"]:
            yield f"{name} has more rights than it needs"
    if "databases" in services.get("gateway", {}).get("networks", []):
        yield "the gateway reaches the databases"
    if not services.get("gateway", {}).get("ports"):
        yield "there is no door at all"


def control(compose):
    breaks = [
        lambda s: s["scheduling"].update(ports=["8082:8082"]),
        lambda s: s["scheduling"].update(depends_on={"nobody": {}}),
        lambda s: s["postgres"]["environment"].update(POSTGRES_PASSWORD="secret"),
        lambda s: s["scheduling"]["environment"].update(OTHER="${REGISTRATION_DATABASE_PASSWORD:?x}"),
        lambda s: s["scheduling"]["volumes"].append("key-gateway:/key:ro"),
        lambda s: s.pop("evaluation"),
        lambda s: s["mentorship"].update(read_only=False),
        lambda s: s["gateway"]["networks"].append("databases"),
        lambda s: s["gateway"].pop("ports"),
    ]
    for number, break_it in enumerate(breaks):
        broken = copy.deepcopy(compose)
        break_it(broken["services"])
        if not list(faults(broken)):
            sys.exit(f"compose.py: control failed: break {number} was not seen")
    return len(breaks)


def main(file):
    with open(file, encoding="utf-8") as stream:
        compose = yaml.safe_load(stream)
    found = list(faults(compose))
    if found:
        sys.exit("compose.py:\n  " + "\n  ".join(found))
    print(f"-- compose: {len(compose['services'])} services; control: {control(compose)} breaks, all seen")


if __name__ == "__main__":
    main(*sys.argv[1:])
