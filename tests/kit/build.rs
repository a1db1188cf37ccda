//! Builds `dns.c` as a library to preload.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "cargo reads the output, and a panic stops the build")]

use std::{env, path::Path, process::Command};

fn main() {
    let source = "src/dns.c";
    let library = Path::new(&env::var_os("OUT_DIR").expect("cargo names a folder")).join("dns.so");
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled =
        Command::new(&compiler).args(["-shared", "-fPIC", "-o"]).arg(library).args([source, "-ldl"]).status();
    assert!(compiled.is_ok_and(|status| status.success()), "{compiler} cannot build {source}");
    println!("cargo::rerun-if-changed={source}");
}
