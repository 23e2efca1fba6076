#!/usr/bin/env python3
"""Judges what kustomize renders of deploy/kubernetes, without a cluster.

    kubernetes.py VERSION SECRETS FILE…

Each FILE is one overlay, rendered; SECRETS is what deploy/kubernetes/secrets.sh prints; VERSION is
the Kubernetes whose schemas count. Built-in kinds are held against their schema, strictly; custom
resources against the names that we mean to use. Then what no schema says: pods without rights,
probes, room to be drained, a way in and out that is named, secrets that exist. A control breaks each
promise once and must see it.
"""

import copy
import sys

import kubernetes_validate
import yaml

# Custom resources, whose schemas are their operators' affair.
CUSTOM = {("postgresql.cnpg.io/v1", "Cluster"), ("postgresql.cnpg.io/v1", "Database")}
PARTS = {"gateway", "registration", "scheduling", "mentorship", "evaluation"}


def named(documents, kind):
    return {one["metadata"]["name"]: one for one in documents if one["kind"] == kind}


def matches(selector, labels):
    if not all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    for wish in selector.get("matchExpressions") or []:
        if wish["operator"] != "In" or labels.get(wish["key"]) not in wish["values"]:
            return False
    return True


def schema_faults(documents, version):
    for one in documents:
        name = f"{one['kind']} {one['metadata']['name']}"
        if "." in one["apiVersion"].split("/")[0] and not one["apiVersion"].split("/")[0].endswith("k8s.io"):
            if (one["apiVersion"], one["kind"]) not in CUSTOM:
                yield f"{name}: nobody knows {one['apiVersion']} {one['kind']}"
            continue
        try:
            kubernetes_validate.validate(one, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{name}: {error.message} at {'/'.join(map(str, error.path))}"


def pod_faults(name, pod, secrets):
    spec = pod["spec"]
    whole = spec.get("securityContext", {})
    if not whole.get("runAsNonRoot") or whole.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield f"{name}: the pod is not restricted"
    if spec.get("automountServiceAccountToken") is not False:
        yield f"{name}: the pod can talk to the cluster"
    for container in spec["containers"]:
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or not own.get("readOnlyRootFilesystem") \
                or own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{name}: the container is not restricted"
        if ":" not in container["image"].rsplit("/", 1)[-1] or container["image"].endswith(":latest"):
            yield f"{name}: the image has no version"
        if not container.get("resources", {}).get("requests") or "memory" not in container["resources"].get("limits", {}):
            yield f"{name}: nobody knows how much it takes"
        given = {volume["name"]: volume for volume in spec.get("volumes", [])}
        for variable in container.get("env", []):
            if variable["name"].endswith("_FILE") and variable["value"].startswith("/run/secrets/akademi/"):
                key = variable["value"].rsplit("/", 1)[-1]
                secret = given.get("secrets", {}).get("secret", {}).get("secretName")
                if key not in secrets.get(secret, {}):
                    yield f"{name}: {variable['name']} names {key}, which {secret} does not hold"
            elif any(word in variable["name"] for word in ("PASSWORD", "LINK_KEY", "_KEYS", "DATABASE_URL")):
                yield f"{name}: {variable['name']} is written down"


def faults(documents, secrets, version):
    yield from schema_faults(documents, version)
    deployments, budgets, policies = (named(documents, k) for k in ("Deployment", "PodDisruptionBudget", "NetworkPolicy"))
    services, accounts = named(documents, "Service"), named(documents, "ServiceAccount")
    for missing in PARTS - set(deployments):
        yield f"{missing} is missing"
    for missing in PARTS - {"gateway"} - {name.removeprefix("migrate-") for name in named(documents, "Job")}:
        yield f"nobody migrates {missing}"
    for name, one in {**deployments, **named(documents, "Job")}.items():
        pod = one["spec"]["template"]
        yield from pod_faults(name, pod, secrets)
        if pod["spec"].get("serviceAccountName") not in accounts:
            yield f"{name} has no account of its own"
        labels = pod["metadata"]["labels"]
        own = [p["spec"] for p in policies.values() if p["spec"]["podSelector"] and matches(p["spec"]["podSelector"], labels)]
        if not any("Egress" in p["policyTypes"] for p in own):
            yield f"{name}: nobody has said whom it may reach"
    for name, one in deployments.items():
        labels = one["spec"]["template"]["metadata"]["labels"]
        container = one["spec"]["template"]["spec"]["containers"][0]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if probe not in container:
                yield f"{name} has no {probe}"
        if not any(matches(b["spec"]["selector"], labels) for b in budgets.values()):
            yield f"{name} has no disruption budget"
        if not any(s["spec"]["selector"].items() <= labels.items() for s in services.values()):
            yield f"{name} has no service"
        if not one["spec"]["template"]["spec"].get("topologySpreadConstraints"):
            yield f"{name} is not spread"
    closed = policies.get("deny-all", {}).get("spec", {})
    if closed.get("podSelector") != {} or closed.get("ingress") or closed.get("egress"):
        yield "nothing is closed by default"
    for name, one in policies.items():
        for way in one["spec"].get("ingress") or []:
            if not way.get("from"):
                yield f"{name} lets everybody in"
            for peer in way.get("from", []):
                ports = {port["port"] for port in way.get("ports", [])}
                chosen = peer.get("podSelector", {}).get("matchLabels", {})
                if matches(one["spec"]["podSelector"], {"akademi.example/role": "service"}) and 8080 in ports \
                        and chosen.get("akademi.example/role") not in ("gateway", "service"):
                    yield f"{name} lets others than gateway and services to the services"
    for name, one in services.items():
        if one["spec"].get("type", "ClusterIP") != "ClusterIP":
            yield f"{name} can be reached from outside"
    for name, one in named(documents, "Ingress").items():
        for rule in one["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                if path["backend"]["service"]["name"] != "gateway":
                    yield f"{name} leads past the gateway"
        if not one["spec"].get("tls"):
            yield f"{name} has no TLS"


def control(documents, secrets, version):
    def of(kind, name):
        return lambda change: lambda d: change(named(d, kind)[name])

    def container(one):
        return one["spec"]["template"]["spec"]["containers"][0]

    gateway, mentorship = of("Deployment", "gateway"), of("Deployment", "mentorship")
    breaks = [
        mentorship(lambda one: one["spec"].update(replica=2)),
        mentorship(lambda one: one["spec"]["template"]["spec"]["securityContext"].update(runAsNonRoot=False)),
        mentorship(lambda one: one["spec"]["template"]["spec"].update(automountServiceAccountToken=True)),
        mentorship(lambda one: one["spec"]["template"]["spec"].pop("topologySpreadConstraints")),
        mentorship(lambda one: container(one)["securityContext"].update(readOnlyRootFilesystem=False)),
        mentorship(lambda one: container(one).pop("readinessProbe")),
        mentorship(lambda one: container(one).update(image="akademi:latest")),
        mentorship(lambda one: container(one)["resources"].pop("limits")),
        mentorship(lambda one: container(one)["env"].append({"name": "AKADEMI_NEEDS_KEYS_FILE", "value": "/run/secrets/akademi/needs-keys"})),
        mentorship(lambda one: container(one)["env"].append({"name": "AKADEMI_LINK_KEY", "value": "x"})),
        gateway(lambda one: one["spec"]["template"]["metadata"]["labels"].update({"akademi.example/role": "other"})),
        of("Service", "registration")(lambda one: one["spec"].update(type="LoadBalancer")),
        of("NetworkPolicy", "services")(lambda one: one["spec"]["ingress"][0].update({"from": []})),
        of("NetworkPolicy", "services")(lambda one: one["spec"]["ingress"][0]["from"].append({"namespaceSelector": {}})),
        lambda d: d.remove(named(d, "NetworkPolicy")["deny-all"]),
        lambda d: d.remove(named(d, "PodDisruptionBudget")["evaluation"]),
        lambda d: d.remove(named(d, "Job")["migrate-scheduling"]),
        lambda d: d.remove(named(d, "Deployment")["scheduling"]),
        of("Cluster", "postgres")(lambda one: one.update(apiVersion="postgresql.cnpg.io/v2")),
    ]
    for number, break_it in enumerate(breaks):
        broken = copy.deepcopy(documents)
        break_it(broken)
        if not list(faults(broken, secrets, version)):
            sys.exit(f"kubernetes.py: control failed: break {number} was not seen")
    return len(breaks)


def read(file):
    with open(file, encoding="utf-8") as stream:
        return [one for one in yaml.safe_load_all(stream) if one]


def main(version, secrets_file, *files):
    secrets_documents = read(secrets_file)
    found = [f"secrets: {fault}" for fault in schema_faults(secrets_documents, version)]
    secrets = {name: one["data"] for name, one in named(secrets_documents, "Secret").items()}
    count, seen = 0, 0
    for file in files:
        documents = read(file)
        count += len(documents)
        found += [f"{file}: {fault}" for fault in faults(documents, secrets, version)]
        seen = seen or (not found and control(documents, secrets, version))
    if found:
        sys.exit("kubernetes.py:\n  " + "\n  ".join(found))
    print(f"-- kubernetes {version}: {count} things in {len(files)} overlays; control: {seen} breaks, all seen")


if __name__ == "__main__":
    main(*sys.argv[1:])
