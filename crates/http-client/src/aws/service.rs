//! Signs requests to AWS services and reads their error codes.

use std::{borrow::Cow, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4::SigningParams,
};
use reqwest::{
    Method, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    request::HttpRequest,
    response::{HttpResponse, code},
};

const ERROR_TYPE: &str = "x-amzn-errortype";

/// The name of S3 in signatures; S3 has its own rules for them.
pub const S3: &str = "s3";

#[derive(Debug, Clone)]
pub struct AwsService {
    /// In signatures.
    pub name: &'static str,
    pub region: String,
    pub endpoint: Url,
    pub credentials: Credentials,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request could not be signed")]
pub struct NotSigned;

impl AwsService {
    /// Signs `request` as of now; repeats within the next minutes may use the same signature. Fails if the request or
    /// the credentials are malformed, such as a key with a line break.
    pub fn signed(&self, request: HttpRequest) -> Result<HttpRequest, NotSigned> {
        let signature = self.signature(request.method(), request.url(), request.headers(), request.body())?;
        let headers = signature.iter().map(|(name, value)| (name.clone(), value.clone()));
        Ok(headers.fold(request, |request, (name, value)| request.with_header(name, value)))
    }

    /// The headers of [`Self::signed`], for a request of another type.
    pub fn signature(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HeaderMap, NotSigned> {
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.name)
            .time(SystemTime::now())
            .settings(self.settings())
            .build()
            .map_err(|_| NotSigned)?
            .into();
        let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new(method.as_str(), url.as_str(), headers, SignableBody::Bytes(body));
        let (instructions, _) =
            signable.and_then(|signable| sign(signable, &params)).map_err(|_| NotSigned)?.into_parts();
        let (headers, _) = instructions.into_parts();
        let headers = headers.into_iter().map(|header| {
            let mut value = HeaderValue::from_str(header.value()).map_err(|_| NotSigned)?;
            value.set_sensitive(header.sensitive());
            Ok((HeaderName::from_bytes(header.name().as_bytes()).map_err(|_| NotSigned)?, value))
        });
        headers.collect()
    }

    /// S3 takes paths as they are and wants the body's hash in a header.
    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.name == S3 {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        settings
    }
}

/// The service's error code, from a header or the body; `None` if it is not a short code.
#[must_use]
pub fn error_code(reply: &HttpResponse) -> Option<String> {
    let header = reply.headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    let body = || reply.body.object()?.string("__type");
    // `com.amazonaws.service#SomeException`, or `SomeException:http://internal.amazon.com/...`.
    let name = header.map(Cow::Borrowed).or_else(body)?;
    let name = name.split(':').next()?.rsplit('#').next()?;
    code(name.trim()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the signed headers of a request with a body.
    fn signed_headers(name: &'static str) -> Vec<String> {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let endpoint = Url::parse("https://service.example/").unwrap();
        let service = AwsService { name, region: "eu-west-1".to_owned(), endpoint, credentials };
        let signature = service.signature(&Method::PUT, &service.endpoint, &HeaderMap::new(), b"hello").unwrap();
        let hash = signature.get("x-amz-content-sha256").map(|hash| hash.to_str().unwrap());
        assert!(hash.is_none_or(|hash| hash == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
        let authorization = signature["authorization"].to_str().unwrap();
        let signed = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
        signed.split(';').map(str::to_owned).collect()
    }

    #[test]
    fn only_s3_gets_the_bodys_hash_which_it_requires() {
        assert_eq!(signed_headers(S3), ["host", "x-amz-content-sha256", "x-amz-date"]);
        assert_eq!(signed_headers("bedrock"), ["host", "x-amz-date"]);
    }
}
