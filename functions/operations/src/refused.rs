//! Why a request is not served.

use lifecycle::durable::platform_failed;
use shared::{action::Action, bad_request::BadRequest, port_error::PortError, refusal::Refusal};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Bad(#[from] BadRequest),
    #[error("no internal key is configured")]
    NotConfigured,
    /// Retryable.
    #[error(transparent)]
    Platform(#[from] PortError),
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Bad(bad) => bad.into(),
            Refused::NotConfigured => Self::NotConfigured,
            Refused::Platform(error) => platform_failed(&error, Action::Operations),
        }
    }
}
