#!/usr/bin/env python3
"""Makes what a release consists of, from built programs. Needs nothing but Python; runs on every system that builds.

  package.py archive TARGET PROGRAM OUT   OUT/zoho-mcp-TARGET.tar.gz (.zip for Windows)
  package.py bundle PLATFORM PROGRAM OUT  OUT/zoho-mcp-PLATFORM.mcpb for Claude Desktop; darwin, win32 or linux
  package.py listings REPOSITORY OUT      server.json, zoho-mcp.rb and winget/*.yaml for what lies in OUT, and SHA256SUMS
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CARGO = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
VERSION = CARGO["workspace"]["package"]["version"]
DESCRIPTION = CARGO["package"]["description"]
BESIDE = ("README.md", "LICENSE", "CHANGELOG.md")
# The same bytes from the same program: the earliest time that a zip file can tell.
EPOCH = (1980, 1, 1, 0, 0, 0)


def program_name(target):
    return "zoho-mcp.exe" if "win" in target and "darwin" not in target else "zoho-mcp"


def put(bundle, name, content, mode=0o644):
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = (0o100000 | mode) << 16
    bundle.writestr(entry, content)


def archive(target, program, out):
    folder = f"zoho-mcp-{target}"
    files = [(program_name(target), Path(program).read_bytes(), 0o755)]
    files += [(name, (ROOT / name).read_bytes(), 0o644) for name in BESIDE]
    if "windows" in target:
        with zipfile.ZipFile(out / f"{folder}.zip", "w") as made:
            for name, content, mode in files:
                put(made, f"{folder}/{name}", content, mode)
        return
    with open(out / f"{folder}.tar.gz", "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as made:
            for name, content, mode in files:
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size, entry.mode = len(content), mode
                made.addfile(entry, io.BytesIO(content))


def tools():
    """The tools that are offered by default, with what the README says of each."""
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- tools -->")[1].split("<!-- /tools -->")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return [{"name": row[0].strip("`"), "description": row[2]} for row in rows]


def bundle(platform, program, out):
    name = program_name(platform)
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"version": VERSION, "description": DESCRIPTION, "tools": tools()}
    manifest["server"]["entry_point"] = f"server/{name}"
    manifest["server"]["mcp_config"]["command"] = f"${{__dirname}}/server/{name}"
    manifest["compatibility"] = {"platforms": [platform]}
    with zipfile.ZipFile(out / f"zoho-mcp-{platform}.mcpb", "w") as made:
        put(made, "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        put(made, "icon.png", (HERE / "icon.png").read_bytes())
        for beside in BESIDE:
            put(made, beside, (ROOT / beside).read_bytes())
        put(made, f"server/{name}", Path(program).read_bytes(), 0o755)


def listings(repository, out):
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.iterdir())
        if path.suffix in (".gz", ".zip", ".mcpb")
    }
    # As its owner writes it: the registry compares capitals, too.
    owner, _ = repository.split("/")
    home = f"https://github.com/{repository}"
    said = {"version": VERSION, "description": DESCRIPTION, "home": home, "owner": owner}
    said["release"] = f"{home}/releases/download/v{VERSION}"
    said |= {name.removeprefix("zoho-mcp-").split(".")[0].replace("-", "_"): total for name, total in sums.items()}
    (out / "server.json").write_text(json.dumps(server(repository, said, sums), indent=2) + "\n", encoding="utf-8")
    for form in sorted((HERE / "listings").rglob("*.*")):
        made = out / form.relative_to(HERE / "listings")
        made.parent.mkdir(exist_ok=True)
        made.write_text(Template(form.read_text(encoding="utf-8")).substitute(said), encoding="utf-8")
    (out / "SHA256SUMS").write_text("".join(f"{total}  {name}\n" for name, total in sums.items()), encoding="utf-8")


def server(repository, said, sums):
    """What the MCP registry lists (server.json, schema of 2025-12-11)."""
    stdio = {"type": "stdio"}
    packages = [
        {"registryType": "mcpb", "identifier": f"{said['release']}/{name}", "fileSha256": total, "transport": stdio}
        for name, total in sums.items()
        if name.endswith(".mcpb")
    ]
    packages.append({"registryType": "oci", "identifier": f"ghcr.io/{repository.lower()}:{VERSION}", "transport": stdio})
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": f"io.github.{said['owner']}/zoho-mcp",
        "description": DESCRIPTION,
        "version": VERSION,
        "repository": {"url": said["home"], "source": "github"},
        "packages": packages,
    }


def main():
    made = {"archive": archive, "bundle": bundle, "listings": listings}
    if len(sys.argv) < 4 or sys.argv[1] not in made:
        sys.exit(__doc__)
    out = Path(sys.argv[-1])
    out.mkdir(parents=True, exist_ok=True)
    made[sys.argv[1]](*sys.argv[2:-1], out)


main()
