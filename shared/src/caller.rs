//! Who sent a request.

use serde::{Deserialize, Serialize};

use crate::{bad_request::BadRequest, json::Object, limits::fits};

/// The field of a body that names the owner.
const OWNER: &str = "owner";

/// Who may read an operation: the name that the gateway gives to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(pub String);

impl Owner {
    /// `None` for a name that is empty or too long to be stored.
    #[must_use]
    pub fn new(name: String) -> Option<Self> {
        (!name.is_empty() && fits(OWNER, &name)).then_some(Self(name))
    }

    /// `owner` of a request that came without HTTP: a sender with invoke rights may name any owner.
    ///
    /// # Errors
    /// The name is too long.
    pub fn from_body(body: &Object<'_>) -> Result<Option<Self>, BadRequest> {
        let Some(name) = body.string(OWNER).filter(|name| !name.is_empty()) else { return Ok(None) };
        Self::new(name.into_owned()).map(Some).ok_or(BadRequest::TextTooLong { field: OWNER })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_that_fits_no_key_of_the_table_is_refused() {
        let of = |owner: &str| Owner::from_body(&Object::parse(&format!(r#"{{"owner":"{owner}"}}"#)).unwrap());
        assert_eq!(of(""), Ok(None));
        assert_eq!(of(&"\u{1F600}".repeat(480)).unwrap().unwrap().0.len(), 1_920);
        let refused = of(&"o".repeat(481)).unwrap_err();
        assert_eq!(refused.to_string(), "The field owner is too long. The limit is 480 characters.");
    }
}
