//! What is uploaded and loaded, in bytes.

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::DeflateEncoder};

use crate::sample::MEGABYTE;

/// A file, or all files of a folder.
pub(crate) fn plain(path: &Path) -> u64 {
    sum(path, &|content| content.len())
}

/// The same, deflated as in a zip file, without its headers.
pub(crate) fn zipped(path: &Path) -> u64 {
    sum(path, &|content| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).expect("memory takes everything");
        encoder.finish().expect("memory takes everything").len()
    })
}

pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MEGABYTE
}

fn sum(path: &Path, measure: &dyn Fn(&[u8]) -> usize) -> u64 {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return entries.map(|entry| sum(&entry.expect("an entry of a folder").path(), measure)).sum();
    }
    let content = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    measure(&content) as u64
}
