"""Finds a container engine for `sam local`, and the base image in which it runs the functions.

An engine that answers (Docker, or what DOCKER_HOST names) is used as it is. Otherwise, if podman is installed, its service
runs for as long as it is needed. The base image is Amazon's. If it is neither here nor can be pulled, a stand-in is made of
this machine's own C library and shell: enough for programs that were linked on this machine.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import docker
from samcli.local.docker.lambda_image import LambdaImage, Runtime

from processes import start_helper, stop_helper
from progress import Failed, Step, shown
from workspace import STATE, architecture

RUNTIME = "provided.al2023"
START_SECONDS = 20
LAMBDA_LIMITS = ["nofile=1024:1024", "nproc=1024:1024"]
# SAM CLI's own layer on top of the base image runs these two, with a shell.
STAND_IN_PROGRAMS = ("sh", "chmod", "mv")
NO_ENGINE = """There is no container engine, and `sam local` needs one: install Docker and start it, or install podman
(Debian, Ubuntu: apt install podman). Without one, `make local` serves the same functions and `cargo lambda invoke` sends
them the same events: see events/README.md."""


class NoEngine(Failed):
    """There is no container engine on this machine."""


@dataclass(frozen=True)
class Engine:
    """A running engine: the variables and the options that SAM CLI needs to use it, and a client of its API."""

    variables: dict
    options: list
    client: docker.DockerClient

    def gateway(self):
        """The address of this machine on the containers' default network."""
        networks = {network.name: network.attrs for network in self.client.networks.list(names=["bridge", "podman"])}
        attributes = networks.get("bridge") or networks["podman"]
        return attributes["IPAM"]["Config"][0]["Gateway"]


def require_engine():
    """Fails with NoEngine if this machine has none. Cheap: for asking before a build."""
    if client_of() is None and not shutil.which("podman"):
        raise NoEngine(NO_ENGINE)


@contextlib.contextmanager
def container_engine(program):
    """Yields an Engine that can run `program`, a compiled function. Fails with NoEngine if this machine has none."""
    require_engine()
    with contextlib.ExitStack() as stack:
        variables, client = {}, client_of()
        if client is None:
            socket = stack.enter_context(podman_service())
            variables, client = {"DOCKER_HOST": socket}, client_of(socket)
        stack.callback(client.close)
        yield Engine(variables, image_options(client, program), client)


def client_of(address=None):
    """A client of the engine at `address`, or of the usual one; None if it does not answer."""
    try:
        client = docker.DockerClient(base_url=address) if address else docker.from_env()
        client.ping()
    except (docker.errors.DockerException, OSError):
        return None
    return client


@contextlib.contextmanager
def podman_service():
    """Runs podman's service; yields the address of its socket. Nothing of it is left afterwards but the images."""
    log = STATE / "podman.log"
    STATE.mkdir(exist_ok=True)
    # Not below STATE: the path of a socket is at most 107 bytes long.
    with tempfile.TemporaryDirectory(prefix="podman-") as folder, log.open("w", encoding="utf-8") as output:
        address = f"unix://{folder}/podman.sock"
        env = os.environ | podman_settings(Path(folder))
        process = start_helper(["podman", "system", "service", "--time=0", address], output, env)
        try:
            deadline = time.monotonic() + START_SECONDS
            while client_of(address) is None:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"podman's service did not start. {shown(log)} ends with:", log)
                time.sleep(0.1)
            yield address
        finally:
            stop_helper(process)


def podman_settings(folder):
    """The variables that make podman set Lambda's limits. Its own for root are more than some machines allow."""
    if os.geteuid() != 0:
        return {}
    settings = folder / "containers.conf"
    settings.write_text(f"[containers]\ndefault_ulimits = {json.dumps(LAMBDA_LIMITS)}\n", encoding="utf-8")
    return {"CONTAINERS_CONF": str(settings)}


def image_options(client, program):
    """The options that tell SAM CLI which image to run the functions in, which is here afterwards."""
    usual = f"{LambdaImage._INVOKE_REPO_PREFIX}/{Runtime.get_image_name_tag(RUNTIME, architecture())}"
    if has_image(client, usual) or pulled(client, usual):
        return ["--skip-pull-image"]
    return ["--skip-pull-image", "--invoke-image", stand_in(client, program)]


def has_image(client, name):
    """Whether the engine has the image."""
    try:
        client.images.get(name)
    except docker.errors.ImageNotFound:
        return False
    return True


def pulled(client, name):
    """Whether the image could be pulled."""
    repository, tag = name.rsplit(":", 1)
    with Step(f"Looking for Amazon's base image {tag}") as step:
        try:
            for line in client.api.pull(repository, tag, stream=True, decode=True):
                step.detail = line.get("status", "")
                if "error" in line:
                    return False
        except (docker.errors.APIError, OSError):
            return False
    return has_image(client, name)


def stand_in(client, program):
    """Makes the stand-in, unless it is there; returns its name."""
    if shutil.which("ldd") is None:
        raise Failed("Amazon's base image cannot be pulled, and a stand-in can only be made on Linux. Is there a network?")
    content = stand_in_archive(program)
    # Named by its content: SAM CLI would not notice that an image of the same name has changed.
    repository = f"localhost/agent-generator-base-{hashlib.sha256(content).hexdigest()[:12]}"
    if not has_image(client, f"{repository}:latest"):
        with Step("It cannot be pulled: making a stand-in of this machine's C library"):
            client.api.import_image_from_data(content, repository, "latest", changes=["WORKDIR /var/task"])
    return f"{repository}:latest"


def stand_in_archive(program):
    """A tar archive with a shell and the libraries that it and `program` are linked with; the same each time."""
    programs = {f"bin/{name}": shutil.which(name) for name in STAND_IN_PROGRAMS}
    libraries = {path.lstrip("/"): path for path in linked_with([*programs.values(), program])}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for folder in ("tmp", "opt", "proc", "dev", "sys", "etc", "var/task", "var/runtime", "var/rapid"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        for name, path in sorted((programs | libraries).items()):
            content = Path(path).read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def linked_with(programs):
    """The paths of the shared libraries of programs, the loader among them."""
    found = set()
    for path in programs:
        said = subprocess.run(["ldd", os.fspath(path)], capture_output=True, text=True, check=True).stdout
        found |= {word for line in said.splitlines() for word in line.split() if word.startswith("/")}
    return sorted(found)
