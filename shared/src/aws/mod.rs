//! Services of AWS that are asked over the exchange of this crate: their addresses, signatures and error codes.
//!
//! The SDK would do the same with megabytes more in every function.

mod secret;

use std::{borrow::Cow, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use reqwest::{
    Url,
    header::{HeaderName, HeaderValue},
};

pub use self::secret::Secret;
use crate::{
    exchange::{Reply, Request, code},
    json::Object,
};

/// The class of an error, as a service of AWS names it; an address may follow behind a colon.
const ERROR_TYPE: &str = "x-amzn-errortype";

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
    /// `request`, signed as of now (Signature Version 4). Its repeats within the next minutes may have the same signature.
    ///
    /// # Errors
    /// What is to be signed is no request, such as a credential with a line break in it.
    pub fn signed(&self, request: Request) -> Result<Request, NotSigned> {
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| NotSigned)?
            .into();
        let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let body = SignableBody::Bytes(request.body());
        let signable = SignableRequest::new(request.method().as_str(), request.url().as_str(), headers, body);
        let (instructions, _) =
            signable.and_then(|signable| sign(signable, &params)).map_err(|_| NotSigned)?.into_parts();
        let (headers, _) = instructions.into_parts();
        headers.into_iter().try_fold(request, |request, header| {
            let mut value = HeaderValue::from_str(header.value()).map_err(|_| NotSigned)?;
            value.set_sensitive(header.sensitive());
            let name = HeaderName::from_bytes(header.name().as_bytes()).map_err(|_| NotSigned)?;
            Ok(request.with_header(name, value))
        })
    }
}

/// What a service of AWS calls its error, where that is a short code.
#[must_use]
pub fn error_code(reply: &Reply) -> Option<String> {
    let header = reply.headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    let body = || reply.body.json().and_then(Object::of)?.string("__type");
    // `com.amazonaws.service#SomeException`, or `SomeException:http://internal.amazon.com/...`.
    let name = header.map(Cow::Borrowed).or_else(body)?;
    let name = name.split(':').next()?.rsplit('#').next()?;
    code(name.trim()).map(str::to_owned)
}
