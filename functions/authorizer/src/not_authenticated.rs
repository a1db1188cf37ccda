//! Why a caller is not authenticated.

use shared::failure::Failure;

use crate::denied::Denied;

#[derive(Debug)]
pub enum NotAuthenticated {
    Denied(Denied),
    /// The token could not be checked, because the issuer does not answer.
    Unavailable(Failure),
}

impl From<Denied> for NotAuthenticated {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}
