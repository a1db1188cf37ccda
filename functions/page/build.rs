//! Puts `web/dist` into the program. A release is not built without it; a debug build gets a placeholder, so that the
//! crates compile on a machine without Node.js.
#![allow(clippy::print_stdout, reason = "cargo reads the output")]

use std::{env, error::Error, ffi::OsStr, fmt::Write, fs, io, path::Path};

const DIST: &str = "../../web/dist";
const PLACEHOLDER: &str = "placeholder.html";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DIST}");
    println!("cargo::rerun-if-changed={PLACEHOLDER}");
    let out = env::var_os("OUT_DIR").ok_or("cargo names no folder")?;
    let index = Path::new(DIST).join("index.html");
    if !index.is_file() {
        if env::var("PROFILE").as_deref() == Ok("release") {
            return Err("the page is not built: run `make web` first".into());
        }
        println!("cargo::warning=web/dist is missing, so the page is a placeholder: `make web` builds it");
    }
    let html = fs::read_to_string(if index.is_file() { &index } else { Path::new(PLACEHOLDER) })?;
    fs::write(Path::new(&out).join("built.rs"), source(&html, Path::new(DIST))?)?;
    Ok(())
}

/// The page as a constant of the crate.
fn source(html: &str, dist: &Path) -> Result<String, Box<dyn Error>> {
    let mut assets = String::new();
    for path in raw_assets(&dist.join("assets"))? {
        let name = path.file_name().and_then(OsStr::to_str).ok_or("an asset's name is not text")?;
        let media_type = media_type(&path)?;
        let path = path.canonicalize()?;
        let path = path.display();
        writeln!(
            assets,
            "Asset {{ name: {name:?}, media_type: {media_type:?}, raw: include_bytes!(r\"{path}\"), \
             gzip: include_bytes!(r\"{path}.gz\"), brotli: include_bytes!(r\"{path}.br\") }},"
        )?;
    }
    Ok(format!("Page {{ html: {html:?}, assets: &[{assets}] }}"))
}

/// Without their compressed copies; none if the page is not built.
fn raw_assets(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !matches!(path.extension().and_then(OsStr::to_str), Some("gz" | "br")));
    paths.sort();
    Ok(paths)
}

fn media_type(path: &Path) -> Result<&'static str, String> {
    match path.extension().and_then(OsStr::to_str) {
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        _ => Err(format!("{}: which media type is it? Say so in functions/page/build.rs", path.display())),
    }
}
