//! The secret with the token for a remote generator.

use http_client::aws::SecretAddress;
use reqwest::Url;
use shared::environment::BadConfig;

use super::address::{GeneratorAddress, URL};

const TOKEN_SECRET_ARN: &str = "AGENT_GENERATOR_TOKEN_SECRET_ARN";

/// `given` returns the values of variables that are set and not blank.
///
/// A token without a generator is allowed, so that a generator can be removed for a while. Refused are a token for the
/// built-in generator, and one over plain http to another machine: it could be read on the way.
pub(super) fn from_environment(
    generator: &GeneratorAddress,
    given: &impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretAddress>, BadConfig> {
    let Some(arn) = given(TOKEN_SECRET_ARN) else { return Ok(None) };
    match generator {
        GeneratorAddress::Builtin => {
            return Err(BadConfig::new(TOKEN_SECRET_ARN, "must be empty if AGENT_GENERATOR_URL is builtin"));
        }
        GeneratorAddress::Remote(url) if url.scheme() != "https" && !is_this_machine(url) => {
            let rule = "must be an https:// address if AGENT_GENERATOR_TOKEN_SECRET_ARN is set";
            return Err(BadConfig::new(URL, rule));
        }
        GeneratorAddress::Remote(_) | GeneratorAddress::NotConfigured => {}
    }
    SecretAddress::from_environment(TOKEN_SECRET_ARN, arn, given).map(Some)
}

fn is_this_machine(url: &Url) -> bool {
    // A host in brackets is an IPv6 address.
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use shared::environment::given;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:generator-AbCdEf";

    fn read(url: &str, arn: &str) -> Result<Option<SecretAddress>, BadConfig> {
        let variable = |name: &str| match name {
            TOKEN_SECRET_ARN => Some(arn.to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("hunter2".to_owned()),
            _ => None,
        };
        let generator = if url.is_empty() { GeneratorAddress::NotConfigured } else { GeneratorAddress::parse(url)? };
        from_environment(&generator, &|name: &str| given(variable, name))
    }

    #[test]
    fn a_token_is_optional_and_for_a_remote_generator() {
        for url in
            ["https://generator.example/a", "http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"]
        {
            assert_eq!(read(url, ARN).unwrap().unwrap().arn, ARN, "{url}");
            assert!(read(url, " ").unwrap().is_none());
        }
        assert!(read("", ARN).is_ok(), "without a generator the deployment still works");
    }

    #[test]
    fn a_token_that_could_be_read_on_the_way_is_refused_at_the_start() {
        assert_eq!(read("builtin", ARN).unwrap_err().variable, TOKEN_SECRET_ARN);
        for url in ["http://generator.internal:8000", "http://10.0.0.7", "http://127.0.0.1.example", "http://[fd00::1]"]
        {
            let refusal = read(url, ARN).unwrap_err();
            assert_eq!(refusal.variable, URL, "{url}");
            assert!(refusal.to_string().contains("https://"), "{refusal}");
        }
        for arn in ["hunter2", "arn:aws:s3:::bucket"] {
            let refusal = read("https://generator.example", arn).unwrap_err().to_string();
            assert!(refusal.starts_with(TOKEN_SECRET_ARN) && !refusal.contains("hunter2"), "{refusal}");
        }
    }
}
