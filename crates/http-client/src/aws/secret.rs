//! Fetches secrets from AWS Secrets Manager.

use std::{sync::Arc, time::Duration};

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use secrecy::SecretString;
use serde_json::json;
use shared::{
    environment::{self, BadConfig, CERTIFICATES},
    port_error::{PortError, PortFuture},
};
use tokio::time::Instant;

use super::settings::{endpoint, is_region, region};
use crate::{
    aws::service::{AwsService, error_code},
    client::HttpClient,
    repeat::Limits,
    request::HttpRequest,
    secret::{CachedSecret, SecretSource},
};

/// Secrets Manager answers in milliseconds. If it cannot be reached, such as from a private network without its
/// endpoint, the request fails while there is time to say so.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// For a function's own secrets: keep an old secret valid this long after a rotation.
const CACHE_TIME: Duration = Duration::from_secs(5 * 60);

const ENDPOINT: &str = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

#[derive(Debug, Clone)]
pub struct SecretAddress {
    /// In a local cloud it may be a name.
    pub arn: String,
    /// In the secret's region.
    pub secrets_manager: AwsService,
}

impl SecretAddress {
    /// `variable` holds `arn` and is named if it is not the ARN of a secret; `given` reads the other variables.
    pub fn from_environment(
        variable: &'static str,
        arn: String,
        given: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadConfig> {
        let region = match arn.split(':').collect::<Vec<_>>().as_slice() {
            ["arn", partition, "secretsmanager", region, account, "secret", name]
                if is_region(region)
                    && partition.starts_with("aws")
                    && account.bytes().all(|byte| byte.is_ascii_digit())
                    && ![account, name].iter().any(|part| part.is_empty()) =>
            {
                (*region).to_owned()
            }
            _ => return Err(BadConfig::new(variable, "must be the ARN of a secret of AWS Secrets Manager")),
        };
        Ok(Self { arn, secrets_manager: secrets_manager(region, given)? })
    }

    /// For a secret of the function's own stack, which a local cloud refers to by name.
    fn of_own_stack(
        variable: &'static str,
        arn: String,
        given: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadConfig> {
        if arn.starts_with("arn:") || endpoint(ENDPOINT, given)?.is_none() {
            return Self::from_environment(variable, arn, given);
        }
        Ok(Self { arn, secrets_manager: secrets_manager(region(given)?, given)? })
    }
}

fn secrets_manager(region: String, given: &impl Fn(&str) -> Option<String>) -> Result<AwsService, BadConfig> {
    let name = "secretsmanager";
    AwsService::from_environment(name, name, ENDPOINT, region, given)
}

/// The text of a secret, fetched on every read; see [`CachedSecret`].
#[derive(Debug, Clone)]
pub struct Secret {
    address: SecretAddress,
    client: HttpClient,
}

impl Secret {
    #[must_use]
    pub fn new(address: SecretAddress, client: HttpClient) -> Self {
        Self { address, client }
    }

    /// A secret of the function's own stack, cached for five minutes and fetched when first read. `variable` holds its
    /// ARN; `None` if it is unset.
    pub fn cached(
        variable: &'static str,
        variable_of: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Arc<dyn SecretSource>>, BadConfig> {
        let given = |name: &str| environment::given(&variable_of, name);
        let Some(arn) = given(variable) else { return Ok(None) };
        let address = SecretAddress::of_own_stack(variable, arn, &given)?;
        let https = address.secrets_manager.endpoint.scheme() == "https";
        let client = HttpClient::new(variable, https, given(CERTIFICATES).as_deref())?;
        Ok(Some(Arc::new(CachedSecret::new(Self::new(address, client), CACHE_TIME))))
    }

    async fn fetch(&self) -> Result<SecretString, PortError> {
        let body = json!({"SecretId": self.address.arn}).to_string().into_bytes();
        let service = &self.address.secrets_manager;
        let request = HttpRequest::post(&service.endpoint, "/", body)
            .with_header(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"))
            .with_header(TARGET, HeaderValue::from_static("secretsmanager.GetSecretValue"));
        let request = service.signed(request).map_err(|_| failed("unsendable request"))?;
        let sent = self.client.send(&request, Limits::by(Instant::now() + FETCH_TIMEOUT)).await;
        let reply = sent.result.map_err(|fault| failed(fault.reason()))?;
        if !reply.is_success() {
            return Err(failed(error_code(&reply).unwrap_or_else(|| format!("HTTP {}", reply.status))));
        }
        let answer = reply.body.object().ok_or_else(|| failed("unreadable answer"))?;
        let text = answer.string("SecretString").ok_or_else(|| failed("a secret without text"))?;
        Ok(text.into_owned().into())
    }
}

impl SecretSource for Secret {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(self.fetch())
    }
}

/// Leaves out the secret's name and account, because the text can reach a caller.
fn failed(code: impl Into<String>) -> PortError {
    PortError { service: "AWS Secrets Manager", code: code.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_cloud_may_refer_to_a_functions_own_secret_by_name() {
        let cached = |endpoint: &str| {
            Secret::cached("INTERNAL_KEY_SECRET_ARN", |name| match name {
                "INTERNAL_KEY_SECRET_ARN" => Some("stack-InternalKey-1".to_owned()),
                "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("us-east-1".to_owned()),
                "AWS_ENDPOINT_URL" => Some(endpoint.to_owned()),
                _ => None,
            })
        };
        assert!(cached("http://127.0.0.1:4566").unwrap().is_some());
        assert!(cached("").is_err());
    }

    #[test]
    fn a_functions_own_secret_may_be_unset_and_a_wrong_arn_is_refused_by_its_variable() {
        const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf";
        let cached = |arn: &str| {
            Secret::cached("INTERNAL_KEY_SECRET_ARN", |name| match name {
                "INTERNAL_KEY_SECRET_ARN" => Some(arn.to_owned()),
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("hunter2".to_owned()),
                _ => None,
            })
        };
        assert!(cached(" ").unwrap().is_none());
        let secret = format!("{:?}", cached(ARN).unwrap().unwrap());
        assert_eq!(secret.matches("hunter2").count(), secret.matches("access_key_id: \"hunter2\"").count(), "{secret}");
        for wrong in ["hunter2", "arn:aws:s3:::bucket"] {
            let error = cached(wrong).unwrap_err();
            assert_eq!(error.to_string(), "INTERNAL_KEY_SECRET_ARN must be the ARN of a secret of AWS Secrets Manager");
        }
    }
}
