//! Addresses of services, as the environment names them.

use reqwest::Url;
use shared::environment::BadConfig;

/// The address of a service, whose path is a prefix; `form` is the rule for what is no such address at all.
///
/// # Errors
/// It is none, or has a user name, password, query or fragment: a secret, or a mistake.
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
