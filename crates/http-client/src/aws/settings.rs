//! Reads region, credentials and service addresses from the environment that Lambda sets.
//!
//! `given` returns the value of a variable that is set and not empty.

use aws_credential_types::Credentials;
use reqwest::Url;
use shared::environment::BadConfig;

use crate::{address::http_address, aws::service::AwsService};

const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// Address of every AWS service without an address of its own, for a local cloud.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

pub fn region(given: &impl Fn(&str) -> Option<String>) -> Result<String, BadConfig> {
    let region = required(REGION, given)?;
    if is_region(&region) { Ok(region) } else { Err(BadConfig::new(REGION, "must be the name of an AWS region")) }
}

pub fn credentials(given: &impl Fn(&str) -> Option<String>) -> Result<Credentials, BadConfig> {
    let (access_key, secret_key) = (required(ACCESS_KEY, given)?, required(SECRET_KEY, given)?);
    Ok(Credentials::new(access_key, secret_key, given(SESSION_TOKEN), None, "environment"))
}

/// The address in the variable `own` of one service, or else the address for all; `None` means AWS itself.
pub fn endpoint(own: &'static str, given: &impl Fn(&str) -> Option<String>) -> Result<Option<Url>, BadConfig> {
    let named = [own, ENDPOINT].into_iter().find_map(|variable| Some((variable, given(variable)?)));
    let form = "must be an http:// or https:// address, or empty";
    named.map(|(variable, address)| http_address(variable, &address, form)).transpose()
}

/// Whether `region` can be part of a host name.
pub(crate) fn is_region(region: &str) -> bool {
    !region.is_empty() && region.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl AwsService {
    /// `name` is the service's name in signatures, `host` its name in AWS's host names. See [`endpoint`] for `own`.
    pub fn from_environment(
        name: &'static str,
        host: &str,
        own: &'static str,
        region: String,
        given: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadConfig> {
        let at_aws = || {
            let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
            http_address(REGION, &format!("https://{host}.{region}.{suffix}"), "must be the name of an AWS region")
        };
        let endpoint = endpoint(own, given)?.map_or_else(at_aws, Ok)?;
        Ok(Self { name, region, endpoint, credentials: credentials(given)? })
    }
}

fn required(variable: &'static str, given: &impl Fn(&str) -> Option<String>) -> Result<String, BadConfig> {
    given(variable).ok_or(BadConfig::new(variable, "must be set when AWS is called"))
}
