//! Who sent a request.

use serde::{Deserialize, Serialize};

use crate::json::Object;

/// Who may read an operation: the id of an API key, or an authorizer's principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(pub String);

impl Owner {
    /// `owner` of a request that came without HTTP: a sender with invoke rights may name any owner.
    #[must_use]
    pub fn from_body(body: &Object<'_>) -> Option<Self> {
        body.string("owner").filter(|owner| !owner.is_empty()).map(|owner| Self(owner.into_owned()))
    }
}
