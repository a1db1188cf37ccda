//! Loads another block catalogue for the built-in generator, once, when the process starts.

use std::{borrow::Cow, time::Duration};

use http_client::connect::{builder, unbuildable};
use shared::environment::BadConfig;
use tokio::time::timeout;

use crate::config::{BLOCK_CATALOG, BlockCatalog};

/// Lambda allows ten seconds for a start; the rest is for parsing the catalogue.
const FETCH_TIMEOUT: Duration = Duration::from_secs(7);
/// 5,000 blocks take about 8 MiB.
const MAX_CATALOG: usize = 16 * 1024 * 1024;

/// Loads the text of the catalogue: at most 16 MiB of UTF-8, in at most 7 s.
pub async fn load(source: &BlockCatalog, certificate_file: Option<&str>) -> Result<String, BadConfig> {
    let bytes = match source {
        BlockCatalog::File(path) => {
            let bad = |error: std::io::Error| bad(format!("names a file that cannot be read: {}", error.kind()));
            let length = std::fs::metadata(path).map_err(bad)?.len();
            if length > MAX_CATALOG as u64 {
                return Err(too_large());
            }
            std::fs::read(path).map_err(bad)?
        }
        BlockCatalog::Address(url) => {
            let fetched = fetch(url.clone(), certificate_file);
            timeout(FETCH_TIMEOUT, fetched).await.map_err(|_| bad("names an address that did not answer in time"))??
        }
    };
    String::from_utf8(bytes).map_err(|_| bad("names a catalogue that is not UTF-8"))
}

async fn fetch(url: reqwest::Url, certificate_file: Option<&str>) -> Result<Vec<u8>, BadConfig> {
    let unreachable = |_| bad("names an address that cannot be reached");
    let client = builder(BLOCK_CATALOG, true, certificate_file)?.build().map_err(|_| unbuildable(BLOCK_CATALOG))?;
    let mut response = client.get(url).send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        return Err(bad(format!("names an address that answered with status {}", response.status().as_u16())));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if bytes.len() + chunk.len() > MAX_CATALOG {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn bad(rule: impl Into<Cow<'static, str>>) -> BadConfig {
    BadConfig::new(BLOCK_CATALOG, rule)
}

fn too_large() -> BadConfig {
    bad("names a catalogue of more than 16 MiB")
}
