//! Who was asked: what its failures are called, and the classes that they have.

use shared::{error_type::ErrorType, failure::Failure};

use crate::{fault::Fault, response::HttpResponse};

/// A service that is asked over HTTP, as its failures name it.
#[derive(Debug)]
pub struct Peer {
    /// As it stands in the midst of a sentence.
    pub name: &'static str,
    /// The class of no answer in time.
    pub timeout: ErrorType,
    /// The class of too many requests.
    pub rate_limit: ErrorType,
    /// The statuses that say so.
    pub rate_limit_statuses: &'static [u16],
}

impl Peer {
    /// The failure that an exchange without an answer is.
    #[must_use]
    pub fn unanswered(&self, fault: Fault) -> Failure {
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

    /// The failure that an answer of an error status is, by the status; `code` is what the service calls it.
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
