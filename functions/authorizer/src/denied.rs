//! Why a token does not count. The caller learns that it does not; which of these it was stands in the log.

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is no signed JWT after the word `Bearer`.
    Malformed,
    /// Its header says that it is made for something else, or asks for what we do not understand.
    NotForAccess,
    /// Its algorithm is none that counts, or not that of the key that it names.
    WrongAlgorithm,
    /// It names a key that its issuer does not have, or none where there are several.
    UnknownKey,
    /// Its signature is not that of the key.
    BadSignature,
    /// A claim is missing, or is not what it has to be.
    BadClaim,
    /// It comes from another issuer.
    WrongIssuer,
    /// It is made for somebody else.
    WrongAudience,
    /// Its time is over.
    Expired,
    /// Its time has not come, or it was made in the future.
    NotYetValid,
}

impl Denied {
    /// What the log line calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed_token",
            Self::NotForAccess => "not_for_access",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::UnknownKey => "unknown_key",
            Self::BadSignature => "bad_signature",
            Self::BadClaim => "bad_claim",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
        }
    }
}
