#!/usr/bin/env python3
"""Generates a TypeScript and a Python client from the merged document and type-checks an example of each.

    clients.py akademi.json [DEMO_JSON]

With DEMO_JSON, the file that `akademi demo` writes, both examples are also run against that
process, as a participant and as a coordinator. A control changes one member of the document: the
examples must then fail their type-check.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NODE = HERE / "node_modules"
PYTHON = pathlib.Path(sys.executable).parent
# A member that both examples read.
PLANTED = ("RoundPage", "items", "rounds")
# The path makes `ruff` findable, which the generator calls to format what it wrote.
ENVIRONMENT = {**os.environ, "PATH": f"{PYTHON}:{os.environ['PATH']}"}


def main(document_file, demo_file=None):
    document = json.loads(pathlib.Path(document_file).read_text())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        typescript = generate_typescript(document, folder / "sound")
        python = generate_python(document, folder / "sound")
        for name, (status, text) in (("TypeScript", typescript), ("Python", python)):
            if status != 0:
                sys.exit(f"clients.py: the {name} example does not fit the client:\n{text}")
        print("-- both clients are generated, both examples type-check")
        schema, member, other = PLANTED
        properties = document["components"]["schemas"][schema]["properties"]
        properties[other] = properties.pop(member)
        required = document["components"]["schemas"][schema]["required"]
        required[required.index(member)] = other
        typescript = generate_typescript(document, folder / "faulty")
        python = generate_python(document, folder / "faulty")
        blind = [name for name, (status, _) in (("TypeScript", typescript), ("Python", python)) if status == 0]
        if blind:
            sys.exit(f"clients.py: the control's renamed member was not noticed in {blind}")
        print("-- control: a renamed member was noticed in both")
        if demo_file:
            play(json.loads(pathlib.Path(demo_file).read_text()), folder / "sound")


def generate_typescript(document, folder):
    """Types by openapi-typescript, read by openapi-fetch; gives the compiler's status and words."""
    folder = folder / "typescript"
    folder.mkdir(parents=True)
    (folder / "akademi.json").write_text(json.dumps(document))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(NODE)
    for name in ("example.ts", "tsconfig.json"):
        shutil.copy(HERE / "clients" / name, folder)
    must(NODE / ".bin" / "openapi-typescript", "akademi.json", "-o", "akademi.ts", folder=folder)
    return run(NODE / ".bin" / "tsc", "--project", "tsconfig.json", folder=folder)


def generate_python(document, folder):
    """A package by openapi-python-client; gives mypy's status and words."""
    folder = folder / "python"
    folder.mkdir(parents=True)
    (folder / "akademi.json").write_text(json.dumps(document))
    shutil.copy(HERE / "clients" / "example.py", folder)
    # What the generator has no name for is read as what it is: text, and bytes.
    (folder / "python-client.json").write_text(json.dumps({"content_type_overrides": {
        "application/vc+jwt": "text/plain", "application/xml": "text/plain",
        # Files: the generator sends bytes of no other kind.
        "application/x-ndjson": "application/octet-stream", "text/csv": "application/octet-stream",
        "application/pdf": "application/octet-stream"}}))
    must(PYTHON / "openapi-python-client", "generate", "--path", "akademi.json", "--meta", "none",
         "--config", "python-client.json",
         "--output-path", "akademi_client", "--fail-on-warning", folder=folder)
    return run(PYTHON / "mypy", "--strict", "--follow-imports=silent", "example.py", folder=folder)


def play(demo, folder):
    """Both examples against a running process."""
    address, tokens = demo["address"].rstrip("/"), demo["tokens"]
    call = "import {main} from './example.js'; await main(process.argv[1], process.argv[2]);"
    print(must("node", "--input-type=module", "--eval", call, address, tokens["participant"], folder=folder / "typescript"))
    print(must(sys.executable, "example.py", address, tokens["coordinator"], folder=folder / "python"))


def run(*command, folder):
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def must(*command, folder):
    status, text = run(*command, folder=folder)
    if status != 0:
        sys.exit(f"clients.py: {pathlib.Path(command[0]).name} failed:\n{text}")
    return text.strip()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:3])
