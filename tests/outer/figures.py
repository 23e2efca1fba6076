#!/usr/bin/env python3
"""Holds dashboard, alert rules, code and docs/OPERATING.md against each other.

Every figure that the dashboard or a rule names is counted somewhere in the code; every figure that
the code counts stands in the table of docs/OPERATING.md and nowhere a figure that is not counted;
every alert has its paragraph there, with what it means, what to look at and what to do. A control
breaks each promise once and must see it.
"""

import json
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What Prometheus itself counts, and what its language knows besides functions.
THEIRS = {"up"}
WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset", "group_left", "group_right"}
COUNTING = re.compile(r'(?:counter|gauge|histogram)!\(\s*"([a-z_]+)"|metrics::count\(\s*"([a-z_]+)"')


def named(expression):
    """The figures that an expression of PromQL names."""
    plain = re.sub(r"\{[^}]*\}", " ", expression)
    plain = re.sub(r"\[[^\]]*\]", " ", plain)
    plain = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", plain)
    plain = re.sub(r'"[^"]*"', " ", plain)
    for match in re.finditer(r"\b[a-z_][a-z0-9_]*\b", plain):
        word, rest = match[0], plain[match.end():].lstrip()
        if word not in WORDS and word not in THEIRS and not rest.startswith("("):
            yield re.sub(r"_(bucket|count|sum)$", "", word)


def counted(sources):
    return {first or second for text in sources for first, second in COUNTING.findall(text)}


def faults(dashboard, rules, sources, operating):
    code = counted(sources)
    if len(code) < 10:
        yield "the code's figures can't be found"
    expressions = [(f"panel {panel['title']}", target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    expressions += [(f"alert {rule['alert']}", rule["expr"]) for rule in alerts]
    shown = set()
    for place, expression in expressions:
        names = set(named(expression))
        shown |= names
        for name in names - code:
            yield f"{place} names {name}, which nobody counts"
        if not names and "up" not in expression:
            yield f"{place} names no figure"
    table = set(re.findall(r"^\| `([a-z_]+)` \|", section(operating, "## Metrics"), re.M))
    for name in code - table:
        yield f"{name} is counted and not in the table of docs/OPERATING.md"
    for name in table - code:
        yield f"{name} is in the table of docs/OPERATING.md and not counted"
    for name in code - shown:
        yield f"{name} is counted and shown nowhere"
    for rule in alerts:
        text = section(operating, f"### {rule['alert']}")
        if len(re.findall(r"[.!?](?:\s|$)", text)) < 3:
            yield f"{rule['alert']} has no paragraph that says what it means, what to look at, what to do"
        if rule["annotations"]["runbook"] != f"docs/OPERATING.md#{rule['alert'].lower()}":
            yield f"{rule['alert']} leads to another paragraph"
    for name in re.findall(r"^### (Akademi\w+)$", operating, re.M):
        if name not in {rule["alert"] for rule in alerts}:
            yield f"{name} is explained and no alert"


def section(text, heading):
    """What stands under a heading, to the next one."""
    found = re.search(rf"^{re.escape(heading)}$\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    return found[1] if found else ""


def control(dashboard, rules, sources, operating):
    again = lambda value: json.loads(json.dumps(value))
    wrong_panel, wrong_rule = again(dashboard), again(rules)
    wrong_panel["panels"][0]["targets"][0]["expr"] = "rate(http_request_total[5m])"
    wrong_rule["groups"][0]["rules"][0]["expr"] = "nobody_counts_this > 0"
    renamed = again(rules)
    renamed["groups"][0]["rules"][0]["alert"] = "AkademiOther"
    broken = [
        (wrong_panel, rules, sources, operating),
        (dashboard, wrong_rule, sources, operating),
        (dashboard, renamed, sources, operating),
        (dashboard, rules, sources + ['counter!("something_new_total")'], operating),
        (dashboard, rules, sources, operating.replace("| `events_held` |", "| events |")),
        (dashboard, rules, sources, operating.replace("## Metrics\n", "## Metrics\n\n| `old_total` | | x |\n")),
        (dashboard, rules, sources, operating.replace("### AkademiOutboxOld\n", "### AkademiOutbox\n")),
    ]
    for number, one in enumerate(broken):
        if not list(faults(*one)):
            sys.exit(f"figures.py: control failed: break {number} was not seen")
    return len(broken)


def main():
    dashboard = json.loads((ROOT / "deploy/grafana/akademi.json").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    operating = (ROOT / "docs/OPERATING.md").read_text(encoding="utf-8")
    folders = [ROOT / "src", *ROOT.glob("*/src"), *ROOT.glob("*/*/src")]
    sources = [file.read_text(encoding="utf-8") for folder in folders for file in sorted(folder.rglob("*.rs"))]
    found = list(faults(dashboard, rules, sources, operating))
    if found:
        sys.exit("figures.py:\n  " + "\n  ".join(found))
    alerts = sum(len(group["rules"]) for group in rules["groups"])
    seen = control(dashboard, rules, sources, operating)
    print(f"-- figures: {len(dashboard['panels'])} panels, {alerts} alerts, {len(counted(sources))} figures; control: {seen} breaks, all seen")


if __name__ == "__main__":
    main()
