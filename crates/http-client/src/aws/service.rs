//! Services of AWS that are asked over the exchange of this crate: their addresses, signatures and error codes.
//!
//! The SDK would do the same with megabytes more in every function.

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

/// The class of an error, as a service of AWS names it; an address may follow behind a colon.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// What signatures call S3, which has rules of its own.
pub const S3: &str = "s3";

/// A service of AWS: where it is, and in whose name it is called.
#[derive(Debug, Clone)]
pub struct AwsService {
    /// Its name in signatures.
    pub name: &'static str,
    /// Its region.
    pub region: String,
    /// Its address.
    pub endpoint: Url,
    /// In whose name: those that Lambda gives to every function.
    pub credentials: Credentials,
}

/// A request could not be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request could not be signed")]
pub struct NotSigned;

impl AwsService {
    /// `request`, signed as of now. Its repeats within the next minutes may have the same signature.
    ///
    /// # Errors
    /// What is to be signed is no request, such as a credential with a line break in it.
    pub fn signed(&self, request: HttpRequest) -> Result<HttpRequest, NotSigned> {
        let signature = self.signature(request.method(), request.url(), request.headers(), request.body())?;
        let headers = signature.iter().map(|(name, value)| (name.clone(), value.clone()));
        Ok(headers.fold(request, |request, (name, value)| request.with_header(name, value)))
    }

    /// The headers that sign a request as of now (Signature Version 4).
    ///
    /// # Errors
    /// As [`Self::signed`].
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

    /// How its requests are signed: S3 takes paths as they are, and wants the body's hash in a header.
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

/// What a service of AWS calls its error, where that is a short code.
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

    /// The names of the headers that sign a request of `service` with a body.
    fn signing(name: &'static str) -> Vec<String> {
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
    fn s3_which_takes_no_request_without_its_bodys_hash_is_sent_it() {
        assert_eq!(signing(S3), ["host", "x-amz-content-sha256", "x-amz-date"]);
        assert_eq!(signing("bedrock"), ["host", "x-amz-date"]);
    }
}
