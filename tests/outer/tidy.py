#!/usr/bin/env python3
"""Looks for words that have no place in a public project.

    tidy.py            every file that git tracks or would track
    tidy.py --control  planted words, each of which must be found

Banned are paths of a developer's own machine, hosts of package registries (a mirror must serve as
well), the names of living persons in the texts that the seeded programmes were taken from, and a
few product names. The words themselves stand here only as hashes, so that this file does
not say what it forbids. To add one: `tidy.py --hash "the words"`.
"""

import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

# sha256 of "akademi-tidy:" and the lower-case words, joined by single spaces; 16 digits of it.
BANNED = {
    # Paths of somebody's machine.
    "7f5cd2a56d6a3b65", "09202adcfb0d5054", "0cdcb1342dbe1bd1", "144bf9b2e7dbdd32",
    "22b3d26b93a10f67", "456779c87878bdbf", "c8874773301705ee", "d6a5fee41609da67",
    "23f23f0fe2ad1684", "4b2924394b4dab69", "f51fed8009f5491c",
    # Hosts of registries.
    "985f0c9ccdc448a4", "b37e28539a3eb7a4", "39eb84a365545c93", "cb7cfbc6dd8c3232",
    "b9c64f5aac4e3fac", "cf7e1cc7a8e3e8d3", "182b59c0138e8e72", "8478136929a6a247",
    # Persons.
    "f305dc99a425a4b2", "3ff2f2d83dbc053f", "1bcfff71ca3ddd4a", "1c2ab6ef6b1622b9",
    "be29ed98cd5a4158", "2f574418f1ffe730", "51918f65033b3cff", "371267f654012f5b",
    "9608f5c14fcef6f1", "88d13993e28b1dc6", "32b8d7f1b887fbbb",
    # Products.
    "a6c33de3655ed33a", "2a07471d0e1650f0", "ea9c862e05a680f4", "7da972ab8d3fe39b",
    "fdd5392e26cce9f5",
    # The control's stand-ins.
    "853007036112078f", "64c9eba6ac85d847", "32a1cfb2c06b1b46", "7db7475cf68888ce",
}
# Generated files that name their registry because their tool demands it.
EXCUSED = {"Cargo.lock"}
# A piece of a line: letters, digits, and what joins them in a host, an address or a path.
WORD = re.compile(r"[\w.@/+-]+")
LONGEST = 3


def digest(words):
    return hashlib.sha256(f"akademi-tidy:{words.lower()}".encode()).hexdigest()[:16]


def candidates(line):
    """All that a line may be found by: runs of one to three words, hosts with their parents, leading paths."""
    plain = re.findall(r"[^\W_]+", line)
    for length in range(1, LONGEST + 1):
        for start in range(len(plain) - length + 1):
            yield " ".join(plain[start:start + length])
    for word in WORD.findall(line):
        for part in re.split(r"[/@]", word):
            labels = part.strip(".").split(".")
            yield from (".".join(labels[start:]) for start in range(len(labels) - 1))
        steps = word.split("/")
        for start in range(len(steps) - 1):
            yield "/".join(steps[start:start + 2])
            if steps[start] == "":
                yield "/" + steps[start + 1] + "/" if start + 2 < len(steps) else "/" + steps[start + 1]


def findings(folder, files):
    for name in files:
        path = pathlib.Path(folder, name)
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        if b"\0" in content or pathlib.Path(name).name in EXCUSED:
            content = b""
        lines = [name, *content.decode("utf-8", "replace").splitlines()]
        for number, line in enumerate(lines):
            if any(digest(candidate) in BANNED for candidate in set(candidates(line))):
                yield f"{name}:{number}"


def control():
    """Made-up stand-ins for each kind of word, banned like the real ones."""
    planted = ["/quux" + "zle/checkout", "from registry.quux" + "zle.example:", "Asked Zebu" + "lon Quuxzle about it",
               "mail zebulon@quux" + "zle.example", "see ../quux" + "zle/design for it"]
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate([*planted, "A sound line: https://akademi.example/registration/v1"]):
            pathlib.Path(folder, f"{number}.txt").write_text(f"first\n{line}\n")
        found = list(findings(folder, sorted(path.name for path in pathlib.Path(folder).iterdir())))
    expected = [f"{number}.txt:2" for number in range(len(planted))]
    if found != expected:
        sys.exit(f"tidy.py: control failed: expected {expected}, found {found}")
    print(f"-- control: {len(planted)} planted words, all found")


def main(arguments):
    if arguments[:1] == ["--hash"]:
        print(digest(arguments[1]))
        return
    control()
    if arguments == ["--control"]:
        return
    top = pathlib.Path(__file__).resolve().parents[2]
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=top, check=True, capture_output=True, text=True).stdout
    files = [name for name in listed.split("\0") if name]
    found = list(findings(top, files))
    for place in found[:50]:
        print(place)
    if found:
        sys.exit(f"tidy.py: {len(found)} lines hold a banned word")
    print(f"-- {len(files)} files, no banned word")


if __name__ == "__main__":
    main(sys.argv[1:])
