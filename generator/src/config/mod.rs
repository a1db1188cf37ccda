//! Configuration, read once at start: CONTRACT 2.

mod address;
mod planner;
mod token;

use std::{path::PathBuf, time::Duration};

use http_client::aws::SecretAddress;
use reqwest::Url;
use shared::environment::{self, BadConfig, CERTIFICATES, seconds, variable};

pub(crate) use self::address::URL;
pub use self::{
    address::GeneratorAddress,
    planner::{ApiKey, Bedrock, OpenAi, PLANNER, Planner},
};

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Config {
    /// `AGENT_GENERATOR_URL`.
    pub generator: GeneratorAddress,
    /// `AGENT_GENERATOR_TOKEN_SECRET_ARN`: where the token is kept that a remote generator knows us by.
    pub token: Option<SecretAddress>,
    /// `AGENT_GENERATOR_TIMEOUT`: the most time for one call with its repeats.
    pub timeout: Duration,
    /// `SSL_CERT_FILE`: certificates to trust beside the public ones, in PEM.
    pub certificate_file: Option<String>,
    /// `BLOCK_CATALOG`: the blocks that the built-in generator builds with, where it is not its own.
    pub block_catalog: Option<BlockCatalog>,
    /// `PLANNER`: how the built-in generator plans.
    pub planner: Planner,
}

/// Where a block catalogue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockCatalog {
    /// In a file.
    File(PathBuf),
    /// At an https address.
    Address(Url),
}

const TIMEOUT: &str = "AGENT_GENERATOR_TIMEOUT";
/// The variable that names another block catalogue.
pub const BLOCK_CATALOG: &str = "BLOCK_CATALOG";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// The first variable that does not hold.
    pub fn from_env() -> Result<Self, BadConfig> {
        Self::from_environment(variable)
    }

    /// Reads an environment given as a function from name to value.
    ///
    /// # Errors
    /// The first variable that does not hold.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let given = |name: &str| environment::given(&variable, name);
        let generator =
            given(URL).map_or(Ok(GeneratorAddress::NotConfigured), |value| GeneratorAddress::parse(&value))?;
        Ok(Self {
            token: token::from_environment(&generator, &given)?,
            generator,
            timeout: given(TIMEOUT).map_or(Ok(DEFAULT_TIMEOUT), |value| seconds(TIMEOUT, &value))?,
            certificate_file: given(CERTIFICATES),
            block_catalog: given(BLOCK_CATALOG).map(|value| block_catalog(&value)).transpose()?,
            planner: Planner::from_environment(&given)?,
        })
    }
}

fn block_catalog(value: &str) -> Result<BlockCatalog, BadConfig> {
    if !value.contains("://") {
        return Ok(BlockCatalog::File(value.into()));
    }
    let address = Url::parse(value).ok().filter(|url| url.scheme() == "https" && url.has_host());
    address.map(BlockCatalog::Address).ok_or(BadConfig::new(BLOCK_CATALOG, "must be a path or an https:// address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: Option<&str>, timeout: Option<&str>) -> Result<Config, BadConfig> {
        Config::from_environment(|name| match name {
            URL => url.map(str::to_owned),
            TIMEOUT => timeout.map(str::to_owned),
            _ => None,
        })
    }

    #[test]
    fn an_absent_or_empty_address_is_no_generator() {
        for url in [None, Some(""), Some("  ")] {
            assert_eq!(read(url, None).unwrap().generator, GeneratorAddress::NotConfigured);
        }
        assert_eq!(read(Some("builtin"), None).unwrap().generator, GeneratorAddress::Builtin);
    }

    #[test]
    fn an_address_may_have_a_path() {
        for url in ["http://generator:8000", "https://example.com/a/b/", "http://[::1]:8000"] {
            assert!(matches!(read(Some(url), None).unwrap().generator, GeneratorAddress::Remote(_)), "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_refused_by_name_and_its_secret_is_not_repeated() {
        for url in [
            "ftp://x",
            "x",
            "Builtin",
            "http://",
            "http://me:hunter2@h",
            "http://hunter2@h",
            "http://h?k=hunter2",
            "http://h#hunter2",
        ] {
            let refusal = read(Some(url), None).unwrap_err().to_string();
            assert!(refusal.starts_with("AGENT_GENERATOR_URL must ") && !refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn a_catalogue_is_a_file_or_an_address_that_nobody_can_tamper_with() {
        let of = |value: &str| {
            Config::from_environment(|name| (name == BLOCK_CATALOG).then(|| value.to_owned())).map(|c| c.block_catalog)
        };
        assert_eq!(of("/opt/blocks.json").unwrap(), Some(BlockCatalog::File("/opt/blocks.json".into())));
        assert!(matches!(of("https://example.com/blocks").unwrap(), Some(BlockCatalog::Address(_))));
        assert_eq!(of("").unwrap(), None);
        for wrong in ["http://example.com/blocks", "file:///etc/passwd", "https://"] {
            assert_eq!(of(wrong).unwrap_err().variable, BLOCK_CATALOG, "{wrong}");
        }
    }

    #[test]
    fn a_timeout_is_a_positive_finite_number() {
        assert_eq!(read(None, None).unwrap().timeout, Duration::from_secs(600));
        assert_eq!(read(None, Some("")).unwrap().timeout, Duration::from_secs(600));
        assert_eq!(read(None, Some("0.25")).unwrap().timeout, Duration::from_millis(250));
        assert_eq!(read(None, Some("1e300")).unwrap().timeout, Duration::MAX);
        for timeout in ["0", "-1", "nan", "inf", "abc", "1s"] {
            assert_eq!(read(None, Some(timeout)).unwrap_err().variable, TIMEOUT, "{timeout}");
        }
    }
}
