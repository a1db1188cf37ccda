//! Lets the SDK use the project's HTTP client: one TLS stack, one set of root certificates, one connection pool.

use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use lambda_http::http;
use shared::trace;

/// Joins the calls of an invocation, and the invocations that a message starts, to one X-Ray trace.
const TRACE: &str = "x-amzn-trace-id";

/// Leaves timeouts to the SDK.
#[derive(Debug, Clone)]
pub(crate) struct OverReqwest(reqwest::Client);

impl OverReqwest {
    pub(crate) fn new(client: reqwest::Client) -> Self {
        Self(client)
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        // The bodies of these services are in memory, never streams.
        let request = request.map(|body| Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
        let mut request = reqwest::Request::try_from(request).map_err(|error| ConnectorError::user(error.into()))?;
        // Not signed: SigV4 leaves this header out.
        if let Some(trace) = trace::current().and_then(|trace| http::HeaderValue::try_from(trace).ok()) {
            request.headers_mut().insert(TRACE, trace);
        }
        let mut response = self.0.execute(request).await.map_err(failed)?;
        let mut answer = http::Response::new(());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        let body = response.bytes().await.map_err(failed)?;
        HttpResponse::try_from(answer.map(|()| SdkBody::from(body)))
            .map_err(|error| ConnectorError::other(error.into(), None))
    }
}

/// As classes that the SDK retries.
fn failed(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() { ConnectorError::timeout(error.into()) } else { ConnectorError::io(error.into()) }
}

impl HttpConnector for OverReqwest {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl HttpClient for OverReqwest {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.clone().into_shared()
    }
}
