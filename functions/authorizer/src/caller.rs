//! Who a token names.

use crate::denied::Denied;

/// In characters: OpenID Connect Core, section 2.
const MAX_NAME: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// `sub`
    Subject(String),
    /// `client_id` of a token without `sub`: an application that calls for nobody.
    Client(String),
}

impl Caller {
    /// Fails if neither names the caller, because callers who are not named would share their operations.
    pub(crate) fn of(subject: Option<String>, client: Option<String>) -> Result<Self, Denied> {
        let is_name =
            |name: &str| (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        let caller = subject.map(Self::Subject).or(client.map(Self::Client)).ok_or(Denied::Unnamed)?;
        let (Self::Subject(name) | Self::Client(name)) = &caller;
        if is_name(name) { Ok(caller) } else { Err(Denied::BadClaim) }
    }

    /// `issuer#subject`, or `issuer?client_id#client`. Principals are unique, because an issuer has neither `?` nor `#`, and
    /// never equal the id of an API key.
    pub(crate) fn principal(&self, issuer: &str) -> String {
        match self {
            Self::Subject(name) => format!("{issuer}#{name}"),
            Self::Client(name) => format!("{issuer}?client_id#{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_and_an_application_of_the_same_name_do_not_see_each_others_operations() {
        let issuer = "https://id";
        for name in ["a", "?client_id#a", "client_id#a", "#a"] {
            let names = [Caller::Subject(name.to_owned()), Caller::Client(name.to_owned())];
            let [person, application] = names.map(|caller| caller.principal(issuer));
            assert_ne!(person, application);
            assert_ne!(person, Caller::Client("a".to_owned()).principal(issuer));
        }
    }
}
