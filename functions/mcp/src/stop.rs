//! Why a message has no result.

use shared::{bad_request::BadRequest, refusal::Refusal};

use crate::fault::Fault;

pub(crate) enum Stop {
    Fault(Fault),
    /// Outside of a tool: the answer is an error of HTTP.
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BadRequest> for Stop {
    fn from(bad: BadRequest) -> Self {
        Self::Refused(bad.into())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
