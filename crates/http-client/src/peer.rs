//! Classifies the failures of calls to a service.

use shared::{error_type::ErrorType, failure::Failure};

use crate::{fault::Fault, response::HttpResponse};

/// A service that is called over HTTP, and the error classes of its failures.
#[derive(Debug)]
pub struct Peer {
    /// As in the middle of a sentence.
    pub name: &'static str,
    pub timeout: ErrorType,
    pub rate_limit: ErrorType,
    pub rate_limit_statuses: &'static [u16],
}

impl Peer {
    /// Classifies a call without an answer.
    #[must_use]
    pub fn classify_fault(&self, fault: Fault) -> Failure {
        let name = self.name;
        let reason = fault.reason();
        let (error_type, text) = match fault {
            Fault::NotResolved | Fault::Refused | Fault::Tls | Fault::Unreachable => {
                (ErrorType::ConnectionError, format!("Could not connect to {name}: {reason}"))
            }
            Fault::Stale | Fault::Broken | Fault::NotHttp => {
                (ErrorType::RequestError, format!("Request error calling {name}: {reason}"))
            }
            Fault::OutOfTime => (self.timeout.clone(), format!("{name} request timed out")),
        };
        Failure::new(error_type, text)
    }

    /// Classifies an answer with an error status; `code` is the service's own error code.
    #[must_use]
    pub fn classify_status(&self, reply: &HttpResponse, code: Option<&str>) -> Failure {
        let (name, status) = (self.name, reply.status);
        let (error_type, text) = match status {
            _ if self.rate_limit_statuses.contains(&status) => {
                (self.rate_limit.clone(), format!("{name} rate limited: status {status}"))
            }
            503 => (ErrorType::ServiceUnavailable, format!("{name} unavailable: status {status}")),
            504 | 408 => (self.timeout.clone(), format!("{name} timed out: status {status}")),
            _ => (ErrorType::HttpError, format!("HTTP error calling {name}: status {status}")),
        };
        let text = code.map_or(text.clone(), |code| format!("{text}, {code}"));
        let retry_after = reply.retry_after();
        Failure { upstream_status: Some(status), retry_after, ..Failure::new(error_type, text) }
    }
}
