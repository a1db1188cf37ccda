//! Compresses the embedded catalogue: its text is eight times as large.

use std::{env, error::Error, fs, io::Write, path::PathBuf};

use flate2::{Compression, write::DeflateEncoder};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives no OUT_DIR")?);
    for name in ["blocks.json", "meanings.jsonl"] {
        let source = format!("data/{name}");
        println!("cargo::rerun-if-changed={source}");
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&fs::read(&source)?)?;
        fs::write(out.join(format!("{name}.deflate")), encoder.finish()?)?;
    }
    Ok(())
}
