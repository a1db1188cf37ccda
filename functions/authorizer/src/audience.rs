//! What a token must name so that it is meant for us.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    pub claim: AudienceClaim,
    /// The claim's value; one of several in `aud`.
    pub name: String,
}

/// The claim that says what a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudienceClaim {
    /// RFC 7519, as RFC 9068 requires.
    Aud,
    /// The application that got the token: Amazon Cognito's access tokens have no `aud`.
    ClientId,
}

impl AudienceClaim {
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "aud" => Some(Self::Aud),
            "client_id" => Some(Self::ClientId),
            _ => None,
        }
    }
}
