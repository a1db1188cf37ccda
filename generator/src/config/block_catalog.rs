//! Where another block catalogue is.

use std::path::PathBuf;

use reqwest::Url;
use shared::environment::BadConfig;

pub const BLOCK_CATALOG: &str = "BLOCK_CATALOG";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockCatalog {
    File(PathBuf),
    /// An https address.
    Address(Url),
}

impl BlockCatalog {
    /// Parses a value that is not empty.
    pub(super) fn parse(value: &str) -> Result<Self, BadConfig> {
        if !value.contains("://") {
            return Ok(Self::File(value.into()));
        }
        let address = Url::parse(value).ok().filter(|url| url.scheme() == "https" && url.has_host());
        address.map(Self::Address).ok_or(BadConfig::new(BLOCK_CATALOG, "must be a path or an https:// address"))
    }
}
