//! A bucket on S3. Signed calls instead of the SDK's client, which would add megabytes to every function.

use std::time::Duration;

use http_client::aws::AwsService;
use lambda_http::http::{HeaderMap, Method, StatusCode};
use reqwest::{Client, Url};
use shared::port_error::PortError;
use tokio::time::sleep;

use crate::clients::{ATTEMPT_TIMEOUT, ATTEMPTS, BACKOFF, Clients};

/// Longer than for the table, because a text may be several megabytes.
const TRANSFER_TIMEOUT: Duration = Duration::from_secs(2 * ATTEMPT_TIMEOUT.as_secs());

#[derive(Debug, Clone)]
pub struct Objects {
    client: Client,
    service: AwsService,
    bucket: String,
    /// In errors.
    name: &'static str,
}

impl Objects {
    /// `name` is what errors call the bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: &str, name: &'static str) -> Self {
        Self { client: clients.http.clone(), service: clients.s3.clone(), bucket: bucket.to_owned(), name }
    }

    /// `key` is made of letters, digits, slashes and hyphens.
    pub async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), PortError> {
        self.call(Method::PUT, key, bytes).await.map(drop)
    }

    pub async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        self.call(Method::GET, key, &[]).await
    }

    /// What is not there is deleted already.
    pub async fn delete(&self, key: &str) -> Result<(), PortError> {
        self.call(Method::DELETE, key, &[]).await.map(drop)
    }

    /// The next objects in a folder behind the key `after`, in the order of their keys; empty at the end.
    pub async fn list(&self, folder: &str, after: &str) -> Result<Vec<Listed>, PortError> {
        let asked =
            format!("?list-type=2&prefix={}&start-after={}", folder.replace('/', "%2F"), after.replace('/', "%2F"));
        let answer = self.call(Method::GET, &asked, &[]).await?;
        Ok(Listed::parse(&String::from_utf8_lossy(&answer)))
    }

    /// Repeats a call that broke or found the bucket busy. All methods are idempotent.
    async fn call(&self, method: Method, key: &str, body: &[u8]) -> Result<Vec<u8>, PortError> {
        let mut repeats = 0;
        loop {
            let failure = match self.once(&method, key, body).await {
                Ok((status, bytes)) if status.is_success() => return Ok(bytes),
                Ok((status, _)) if !is_transient(status) => return Err(self.error(format!("HTTP {}", status.as_u16()))),
                Ok((status, _)) => self.error(format!("HTTP {}", status.as_u16())),
                Err(failure) => failure,
            };
            if repeats + 1 >= ATTEMPTS {
                return Err(failure);
            }
            sleep(BACKOFF.full_jitter(repeats)).await;
            repeats += 1;
        }
    }

    async fn once(&self, method: &Method, key: &str, body: &[u8]) -> Result<(StatusCode, Vec<u8>), PortError> {
        let unsendable = || self.error("unsendable request".to_owned());
        let service = self.service.endpoint.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{service}/{}/{key}", self.bucket)).map_err(|_| unsendable())?;
        let headers = self.service.signature(method, &url, &HeaderMap::new(), body).map_err(|_| unsendable())?;
        let request = self.client.request(method.clone(), url).timeout(TRANSFER_TIMEOUT).headers(headers);
        let response = request.body(body.to_vec()).send().await.map_err(|failure| self.broken(&failure))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(|failure| self.broken(&failure))?;
        Ok((status, bytes.into()))
    }

    fn broken(&self, failure: &reqwest::Error) -> PortError {
        self.error(if failure.is_timeout() { "timeout" } else { "connection" }.to_owned())
    }

    fn error(&self, code: String) -> PortError {
        PortError { service: self.name, code }
    }
}

/// An object of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub key: String,
    /// RFC 3339, in UTC and to the millisecond: sorts as text.
    pub modified: String,
}

impl Listed {
    /// From an answer of ListObjectsV2. Our keys have nothing to escape.
    fn parse(answer: &str) -> Vec<Self> {
        let between = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
        };
        let listed =
            |entry: &str| Some(Self { key: between(entry, "Key")?, modified: between(entry, "LastModified")? });
        answer.split("<Contents>").skip(1).filter_map(listed).collect()
    }
}

fn is_transient(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_the_bucket_is_read_whatever_else_it_tells() {
        let answer = "<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name><Prefix>agents/</Prefix><Contents><Key>agents/1</Key>\
            <LastModified>2026-11-27T10:00:00.000Z</LastModified><ETag>\"x\"</ETag></Contents><Contents><LastModified>\
            2026-11-28T10:00:00.000Z</LastModified><Key>agents/2</Key></Contents></ListBucketResult>";
        let listed = |day: u32, key: u32| Listed {
            key: format!("agents/{key}"),
            modified: format!("2026-11-{day}T10:00:00.000Z"),
        };
        assert_eq!(Listed::parse(answer), [listed(27, 1), listed(28, 2)]);
        assert_eq!(Listed::parse("<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>"), []);
    }
}
