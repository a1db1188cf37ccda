//! The build script of every function: has the linker lay what an invocation runs side by side.
//!
//! Linux maps a program in pieces of 64 KB around each page that is used. The few hundred functions that a request runs lie
//! all over a program of ten megabytes; in one place they take little more than half of the memory that they took there, and
//! as much less is read where a cold start reads the program from a disk. README, "What it costs", has the figures.
#![allow(clippy::print_stdout, reason = "it is how a build script speaks to cargo")]

use std::env;

fn main() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let order = concat!(env!("CARGO_MANIFEST_DIR"), "/../order.ld");
    println!("cargo::rerun-if-changed={order}");
    // What ships: for Linux, optimised. The linkers of LLVM and GNU know such a script, those of other systems do not.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{order}");
    }
}
