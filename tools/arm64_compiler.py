"""Finds or installs what a machine needs to build and run programs for arm64: a Rust target, and an emulator if the processor is another.

rustup adds the target if it can. A machine that reaches no more than Debian's packages gets both from there: `rustc-web`, the
compiler that Debian builds Firefox and Chromium with, goes into .local/arm64 and leaves the machine's own compiler alone.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from progress import Failed, Step, run_logged
from workspace import ROOT, STATE, architecture

TARGET = "aarch64-unknown-linux-gnu"
FROM_DEBIAN = STATE / "arm64"
LOG = STATE / "arm64.log"
# Where Debian puts the C library for arm64: the emulator looks up shared libraries below it.
LIBRARIES = Path("/usr/aarch64-linux-gnu")
EMULATORS = ("qemu-aarch64-static", "qemu-aarch64")
EMULATOR_PACKAGES = ("qemu-user-static", "libc6-arm64-cross")
# If it cannot reach its server, rustup may wait for an answer that never comes.
RUSTUP_SECONDS = 180

NO_COMPILER = (
    f"there is no Rust compiler for arm64, and rustup could not add the target: run `rustup target add {TARGET}`, "
    "or run this as root on Debian, whose packages have a compiler"
)
NO_EMULATOR = (
    "there is no emulator for arm64: install qemu-aarch64 and the C library for arm64 "
    f"(Debian, Ubuntu: apt install {' '.join(EMULATOR_PACKAGES)})"
)


def compiler():
    """The variables that make cargo compile for arm64: none if the machine's own compiler can."""
    rustc = FROM_DEBIAN / "rustc"
    if has_target():
        return {}
    if not has_target(rustc):
        with Step("Adding the arm64 target to the Rust compiler"):
            if added_by_rustup():
                return {}
            if not can_install():
                raise Failed(NO_COMPILER)
            rustc_from_debian(rustc)
            if not has_target(rustc):
                raise Failed(NO_COMPILER, LOG)
    return {"RUSTC": os.fspath(rustc)}


def has_target(rustc="rustc"):
    """Whether this compiler has the standard library for arm64."""
    command = [rustc, "--print", "target-libdir", "--target", TARGET]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, check=False)
    except OSError:
        return False
    return done.returncode == 0 and any(Path(done.stdout.strip()).glob("libstd-*.rlib"))


def added_by_rustup():
    """Whether rustup is here and could add the target."""
    command = ["rustup", "target", "add", TARGET]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       cwd=ROOT, timeout=RUSTUP_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return has_target()


def rustc_from_debian(rustc):
    """Unpacks Debian's newest compiler and the standard libraries of both processors, and writes the script `rustc` that starts it."""
    run = "set -eu\n" + SCRIPT.format(folder=shlex.quote(os.fspath(rustc.parent)))
    run_logged(["sh", "-c", run], LOG, "rustup could not add the target, and Debian's compiler was not installed", env=apt_environment())
    rustc.write_text('#!/bin/sh\nLD_LIBRARY_PATH="${0%/*}/usr/lib/x86_64-linux-gnu" exec "${0%/*}/usr/bin/rustc" "$@"\n')
    rustc.chmod(0o755)


# Only LLVM's library is installed, for it needs others. A compiler in /usr/bin might be taken for the one that is pinned.
SCRIPT = """
newest() {{ apt-cache depends "$1" | sed -n "s/.*Depends: \\($2[0-9.]*\\)$/\\1/p" | head -n 1; }}
both="-o APT::Architectures::=amd64 -o APT::Architectures::=arm64"
rm -rf {folder} && mkdir -p {folder}/packages && cd {folder}/packages
apt-get $both update -q
std=$(newest libstd-rust-web-dev libstd-rust-web-)
apt-get install -q -y --no-install-recommends "$(newest "$std" libllvm)"
apt-get $both download -q rustc-web "$std:amd64" libstd-rust-web-dev:amd64 libstd-rust-web-dev:arm64
for package in *.deb; do dpkg -x "$package" ..; done
rm -r {folder}/packages
"""


def emulator():
    """The words that run a program for arm64 on this machine: none if it is one."""
    if architecture() == "arm64":
        return []
    if not found_emulator() and can_install():
        with Step("Installing an emulator for arm64"):
            run_logged(["apt-get", "update", "-q"], LOG, "Debian's list of packages was not read", env=apt_environment())
            run_logged(["apt-get", "install", "-q", "-y", "--no-install-recommends", *EMULATOR_PACKAGES], LOG,
                       "The emulator was not installed", env=apt_environment())
    if not found_emulator():
        raise Failed(NO_EMULATOR)
    return [found_emulator(), "-L", os.fspath(LIBRARIES)]


def found_emulator():
    """The emulator's program, if it and the C library for arm64 are here."""
    program = next(filter(None, map(shutil.which, EMULATORS)), None)
    return program if (LIBRARIES / "lib" / "ld-linux-aarch64.so.1").exists() else None


def can_install():
    """Whether Debian's packages can be installed without asking a person."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_environment():
    """apt asks nothing."""
    return os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
