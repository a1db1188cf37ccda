//! The settings as one value.

use std::time::Duration;

use http_client::aws::SecretAddress;
use shared::environment::{self, BadConfig, CERTIFICATES, seconds, variable};

use super::{
    address::{GeneratorAddress, URL},
    block_catalog::{BLOCK_CATALOG, BlockCatalog},
    planner::Planner,
    token,
};

#[derive(Debug, Clone)]
pub struct Config {
    /// `AGENT_GENERATOR_URL`.
    pub generator: GeneratorAddress,
    /// `AGENT_GENERATOR_TOKEN_SECRET_ARN`: the secret with the token for a remote generator.
    pub token: Option<SecretAddress>,
    /// `AGENT_GENERATOR_TIMEOUT`: for one call with its repeats.
    pub timeout: Duration,
    /// `SSL_CERT_FILE`: PEM certificates to trust in addition to the public ones.
    pub certificate_file: Option<String>,
    /// `BLOCK_CATALOG`: replaces the blocks of the built-in generator.
    pub block_catalog: Option<BlockCatalog>,
    /// `PLANNER`: how the built-in generator plans.
    pub planner: Planner,
}

const TIMEOUT: &str = "AGENT_GENERATOR_TIMEOUT";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

impl Config {
    /// From the process's environment. Fails with the first variable that has a bad value.
    pub fn from_env() -> Result<Self, BadConfig> {
        Self::from_environment(variable)
    }

    /// Like `from_env`; `variable` maps names to values.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let given = |name: &str| environment::given(&variable, name);
        let generator =
            given(URL).map_or(Ok(GeneratorAddress::NotConfigured), |value| GeneratorAddress::parse(&value))?;
        Ok(Self {
            token: token::from_environment(&generator, &given)?,
            generator,
            timeout: given(TIMEOUT).map_or(Ok(DEFAULT_TIMEOUT), |value| seconds(TIMEOUT, &value))?,
            certificate_file: given(CERTIFICATES),
            block_catalog: given(BLOCK_CATALOG).map(|value| BlockCatalog::parse(&value)).transpose()?,
            planner: Planner::from_environment(&given)?,
        })
    }
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
    fn without_an_address_no_generator_is_configured() {
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
    fn a_catalogue_is_a_file_or_an_https_address() {
        let parse = |value: &str| {
            Config::from_environment(|name| (name == BLOCK_CATALOG).then(|| value.to_owned())).map(|c| c.block_catalog)
        };
        assert_eq!(parse("/opt/blocks.json").unwrap(), Some(BlockCatalog::File("/opt/blocks.json".into())));
        assert!(matches!(parse("https://example.com/blocks").unwrap(), Some(BlockCatalog::Address(_))));
        assert_eq!(parse("").unwrap(), None);
        for wrong in ["http://example.com/blocks", "file:///etc/passwd", "https://"] {
            assert_eq!(parse(wrong).unwrap_err().variable, BLOCK_CATALOG, "{wrong}");
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
