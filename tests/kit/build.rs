//! Makes `names.c` a library that a process can be started with.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "cargo reads what it prints, and a panic")]

use std::{env, path::Path, process::Command};

fn main() {
    let source = "src/names.c";
    let library = Path::new(&env::var_os("OUT_DIR").expect("cargo names a folder")).join("names.so");
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled =
        Command::new(&compiler).args(["-shared", "-fPIC", "-o"]).arg(library).args([source, "-ldl"]).status();
    assert!(compiled.is_ok_and(|status| status.success()), "{compiler} does not make a library of {source}");
    println!("cargo::rerun-if-changed={source}");
}
