//! Where the functions lie that are tested: the binaries that ship, not a debug build of them.

use std::path::{Path, PathBuf};

/// The functions of this set.
pub const FUNCTIONS: [&str; 4] = ["decompose", "generate", "patch", "catalog"];

/// The release binary of a function: in the folder that `FUNCTIONS_BIN_DIR` names (`<dir>/decompose`, or as cargo-lambda
/// builds, `<dir>/decompose/bootstrap`, or as SAM does, `<dir>/DecomposeFunction/bootstrap`), else in the workspace's
/// `target/release`.
///
/// # Panics
/// Where there is none.
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
            "no binary of `{name}` in {}: run `make build`, or let FUNCTIONS_BIN_DIR name the folder where the \
             release binaries lie",
            dir.display()
        )
    })
}

/// The workspace's root.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the kit lies in tests/kit")
}

fn directory() -> PathBuf {
    if let Some(dir) = std::env::var_os("FUNCTIONS_BIN_DIR").filter(|dir| !dir.is_empty()) {
        // A test runs in its crate's folder; a person names the folder from the workspace's root.
        return workspace().join(dir);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target).join("release")
}
