//! Finds the programs under test: the release binaries, as they ship.

use std::path::{Path, PathBuf};

/// The functions that call a generator.
pub const FUNCTIONS: [&str; 4] = ["decompose", "generate", "patch", "catalog"];

/// A function's binary in the folder `FUNCTIONS_BIN_DIR`, by default `target/release`. The folder may be cargo's
/// (`decompose`), cargo-lambda's (`decompose/bootstrap`) or SAM's (`DecomposeFunction/bootstrap`).
///
/// # Panics
/// If there is none.
pub fn function(name: &str) -> PathBuf {
    let dir = directory();
    let mut logical = name.to_owned();
    if let Some(first) = logical.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let folders = [dir.join(name), dir.join(format!("{logical}Function"))];
    let places = [folders[0].clone(), folders[0].join("bootstrap"), folders[1].join("bootstrap")];
    places.into_iter().find(|path| path.is_file()).unwrap_or_else(|| {
        panic!(
            "no binary of `{name}` in {}: run `make build`, or set FUNCTIONS_BIN_DIR to the folder of the \
             release binaries",
            dir.display()
        )
    })
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the kit lies in tests/kit")
}

fn directory() -> PathBuf {
    if let Some(dir) = std::env::var_os("FUNCTIONS_BIN_DIR").filter(|dir| !dir.is_empty()) {
        // Cargo runs a test in its crate's folder; the variable is relative to the workspace.
        return workspace().join(dir);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target).join("release")
}
