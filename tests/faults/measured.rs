//! How long the answers took in the last long run, for the document.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use uuid::Uuid;

use crate::{fault::Fault, limits::is_long};

/// Stores the time of an answer, in the long run only.
pub(crate) fn store(fault: &Fault, elapsed: Duration) {
    if is_long() {
        fs::create_dir_all(folder()).expect("a folder for the measured times");
        // One file each: tests may run as separate processes.
        let text = format!("{}\t{}\n", elapsed.as_millis(), fault.name);
        fs::write(folder().join(Uuid::new_v4().to_string()), text).expect("a file for the measured time");
    }
}

/// The longest time of each fault, in milliseconds.
pub(crate) fn longest() -> BTreeMap<String, u64> {
    let mut longest = BTreeMap::new();
    for entry in fs::read_dir(folder()).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        let Some((milliseconds, name)) = text.trim_end().split_once('\t') else { continue };
        let known = longest.entry(name.to_owned()).or_default();
        *known = milliseconds.parse().unwrap_or(0).max(*known);
    }
    longest
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults")
}
