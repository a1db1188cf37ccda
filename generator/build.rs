//! Compresses the embedded catalogue: its text is eight times as large. The blocks are compressed in parts, so that one block
//! can be read without the others.

use std::{env, error::Error, fmt::Write as _, fs, io::Write as _, path::PathBuf};

use flate2::{Compression, write::DeflateEncoder};

const BLOCKS: &str = "data/blocks.json";
const MEANINGS: &str = "data/meanings.jsonl";
/// What the rules know of words and acts.
const TABLES: [&str; 2] = ["words", "planning"];
/// Blocks in a part. Smaller parts are faster to read, and take more room: with 16, all of them take a quarter more than a
/// whole.
const PART: usize = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives no OUT_DIR")?);
    for source in [BLOCKS, MEANINGS] {
        println!("cargo::rerun-if-changed={source}");
    }
    fs::write(out.join("meanings.jsonl.deflate"), deflated(&fs::read(MEANINGS)?)?)?;
    for table in TABLES {
        let source = format!("data/{table}.json");
        println!("cargo::rerun-if-changed={source}");
        fs::write(out.join(format!("{table}.json.deflate")), deflated(&fs::read(&source)?)?)?;
    }

    let text = fs::read_to_string(BLOCKS)?;
    let (mut parts, mut names) = (String::new(), String::new());
    for (number, part) in parts_of(&text).iter().enumerate() {
        fs::write(out.join(format!("blocks.{number}.deflate")), deflated(part.as_bytes())?)?;
        writeln!(parts, "include_bytes!(\"blocks.{number}.deflate\"),")?;
        for (at, block) in part.lines().filter(|line| is_block(line)).enumerate() {
            let (id, name) = id_and_name(block).ok_or_else(|| format!("{BLOCKS}: no id and name lead {block}"))?;
            writeln!(names, "{number} {at} {id} {name}")?;
        }
    }
    fs::write(out.join("blocks.parts.rs"), format!("&[{parts}]"))?;
    fs::write(out.join("blocks.names"), names)?;
    Ok(())
}

fn deflated(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text)?;
    encoder.finish()
}

/// Together they are the text.
fn parts_of(text: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut blocks = 0;
    for line in text.split_inclusive('\n') {
        if is_block(line) {
            if blocks == PART {
                parts.push(std::mem::take(&mut part));
                blocks = 0;
            }
            blocks += 1;
        }
        part.push_str(line);
    }
    parts.push(part);
    parts
}

/// Each block has a line of its own.
fn is_block(line: &str) -> bool {
    line.starts_with('{')
}

fn id_and_name(line: &str) -> Option<(&str, &str)> {
    let (id, rest) = line.strip_prefix("{\"id\":\"")?.split_once("\",\"name\":\"")?;
    Some((id, rest.split_once('"')?.0))
}
