//! Parses the addresses of services from the environment.

use reqwest::Url;
use shared::environment::BadConfig;

/// Parses the address of a service; its path is a prefix. `form` is the rule to report if it is not an HTTP address.
/// User names and passwords are refused as secrets in the wrong place, a query or fragment as a mistake.
pub fn http_address(variable: &'static str, value: &str, form: &'static str) -> Result<Url, BadConfig> {
    let bad = |rule| BadConfig::new(variable, rule);
    let url = Url::parse(value).map_err(|_| bad(form))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(bad(form));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("must not have a query or fragment"));
    }
    Ok(url)
}
