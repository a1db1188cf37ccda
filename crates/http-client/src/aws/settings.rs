//! What Lambda puts into a function's environment for calls of AWS: its region, in whose name it calls, and where the
//! services are, if not at AWS.
//!
//! Each of these takes the environment as a function that gives the value of a variable that is there and not empty.

use aws_credential_types::Credentials;
use reqwest::Url;
use shared::environment::BadConfig;

use crate::{address::http_address, aws::service::AwsService};

const REGION: &str = "AWS_REGION";
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// The address of every service of AWS that has none of its own: a local cloud.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// The function's region.
///
/// # Errors
/// There is none, or it is no name of a region.
pub fn region(given: &impl Fn(&str) -> Option<String>) -> Result<String, BadConfig> {
    let region = needed(REGION, given)?;
    if is_region(&region) { Ok(region) } else { Err(BadConfig::new(REGION, "must be the name of an AWS region")) }
}

/// In whose name the function calls.
///
/// # Errors
/// One half of the key is missing.
pub fn credentials(given: &impl Fn(&str) -> Option<String>) -> Result<Credentials, BadConfig> {
    let (access_key, secret_key) = (needed(ACCESS_KEY, given)?, needed(SECRET_KEY, given)?);
    Ok(Credentials::new(access_key, secret_key, given(SESSION_TOKEN), None, "environment"))
}

/// The address that the variable `own` has for one service, else that for all of them; `None` where AWS itself is meant.
///
/// # Errors
/// It is no address.
pub fn endpoint(own: &'static str, given: &impl Fn(&str) -> Option<String>) -> Result<Option<Url>, BadConfig> {
    let named = [own, ENDPOINT].into_iter().find_map(|variable| Some((variable, given(variable)?)));
    let form = "must be an http:// or https:// address, or empty";
    named.map(|(variable, address)| http_address(variable, &address, form)).transpose()
}

/// Whether `region` is fit to be part of a host's name.
pub(crate) fn is_region(region: &str) -> bool {
    !region.is_empty() && region.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl AwsService {
    /// The service that signatures call `name` and addresses `host`, in `region`: at the address that the variable `own`
    /// has, else at that for all services, else at AWS.
    ///
    /// # Errors
    /// The first variable that does not hold.
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

fn needed(variable: &'static str, given: &impl Fn(&str) -> Option<String>) -> Result<String, BadConfig> {
    given(variable).ok_or(BadConfig::new(variable, "must be given where AWS is called"))
}
