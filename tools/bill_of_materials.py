"""Writes a bill of materials (CycloneDX 1.6) for each function: what is linked into its program.

`make build` puts them beside the package: .aws-sam/sbom/decompose.cdx.json and so on. They are reproducible: the same
program gets the same bill, byte for byte, without a time or a random number.
"""

import hashlib
import json
import re
import subprocess
import uuid
from pathlib import Path

import tomlkit
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from samcli.yamlhelper import yaml_parse

from progress import Failed

TRIPLES = {"x86_64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}
LINE = re.compile(r"(?P<depth>\d+)(?P<name>[\w-]+) v(?P<version>\S+)")


def cargo(root, *arguments):
    """What cargo prints. Fails if Cargo.lock does not match the manifests."""
    done = subprocess.run(["cargo", *arguments, "--locked"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"cargo {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


def linked(root, crate, architecture):
    """(name, version) of each package that is linked into a crate's program -> its dependencies, in the same form.

    Asks `cargo tree`, which selects features for this crate alone; `cargo metadata` unifies those of all functions. Leaves
    out macros and build scripts: they run at build time and are not in the program.
    """
    edges = "normal,no-proc-macro"
    tree = cargo(root, "tree", "--package", crate, "--target", TRIPLES[architecture], "--edges", edges, "--prefix", "depth")
    found, above = {}, []
    for line in tree.splitlines():
        entry = LINE.match(line)
        package = entry["name"], entry["version"]
        depth = int(entry["depth"])
        above[depth:] = [package]
        found.setdefault(package, set())
        if depth:
            found[above[depth - 1]].add(package)
    return found


def known(root, architecture):
    """(name, version) of each package of Cargo.lock for this processor -> its metadata; a registry package has a checksum."""
    lock = tomlkit.parse((root / "Cargo.lock").read_text(encoding="utf-8")).unwrap()
    checksums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    # Without the platform, cargo would fetch what other systems need.
    said = json.loads(cargo(root, "metadata", "--format-version", "1", "--filter-platform", TRIPLES[architecture]))["packages"]
    return {
        (package["name"], package["version"]): package | {"checksum": checksums[package["name"], package["version"]]}
        for package in said
    }


def component(package, kind=ComponentType.LIBRARY):
    """A package as a CycloneDX component. Crates of this workspace get no purl: the registry may have others of their names."""
    name, version = package["name"], package["version"]
    # Old crates separate licences with a slash, which SPDX does not know.
    licence = LicenseFactory().make_from_string(package["license"].replace("/", " OR "))
    given = {"name": name, "version": version, "type": kind, "licenses": [licence], "bom_ref": f"{name}@{version}"}
    if package["checksum"]:
        purl = PackageURL(type="cargo", name=name, version=version)
        given |= {"purl": purl, "bom_ref": str(purl), "hashes": [HashType(alg=HashAlgorithm.SHA_256, content=package["checksum"])]}
        if package["repository"]:
            repository = ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(package["repository"]))
            given["external_references"] = [repository]
    return Component(**given)


def bill(root, crate, architecture, packages, program):
    """The bill of a crate's program as JSON text. `packages` comes from `known`; `program` is the bytes."""
    found = linked(root, crate, architecture)
    own = next(iter(found))
    digest = HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(program).hexdigest())
    components = {package: component(packages[package]) for package in found if package != own}
    components[own] = component(packages[own], ComponentType.APPLICATION)
    components[own].hashes.add(digest)
    bom = Bom(components=[components[package] for package in found if package != own])
    bom.metadata.component = components[own]
    for package, needed in found.items():
        bom.register_dependency(components[package], [components[other] for other in sorted(needed)])
    return reproducible(bom)


def reproducible(bom):
    """The bill's text without its time, and with a serial number that is a hash of the rest."""
    bom.serial_number = uuid.UUID(int=0)
    text = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    del text["metadata"]["timestamp"]
    text["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(text, sort_keys=True)).urn
    return json.dumps(text, indent=2, sort_keys=True) + "\n"


def programs(root, package):
    """Crate -> path of its program in the package, for every function of the template."""
    found = yaml_parse((root / "template.yaml").read_text(encoding="utf-8"))["Resources"].items()
    return {
        Path(resource["Properties"]["CodeUri"]).name: package / name / "bootstrap"
        for name, resource in found if resource["Type"] == "AWS::Serverless::Function"
    }


def write_bills(root, package, folder, architecture):
    """Writes the bill of every program of the package into `folder`, and deletes older ones."""
    packages = known(root, architecture)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.cdx.json"):
        old.unlink()
    for crate, program in programs(root, package).items():
        text = bill(root, crate, architecture, packages, program.read_bytes())
        (folder / f"{crate}.cdx.json").write_text(text, encoding="utf-8")
