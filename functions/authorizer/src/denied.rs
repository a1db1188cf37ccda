//! Why a token is rejected. Only the log has the reason; the caller gets the same answer for all of them.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Not `Bearer` and a signed JWT.
    Malformed,
    /// The header's `typ` or the claim `token_use` is not that of an access token, or the header has `crit`.
    NotForAccess,
    /// The algorithm is not supported, or is not that of the named key.
    WrongAlgorithm,
    /// The issuer does not have the named key; or the token names no key and several could have signed it.
    UnknownKey,
    BadSignature,
    /// A claim is missing or malformed.
    BadClaim,
    WrongIssuer,
    WrongAudience,
    Expired,
    /// `nbf` or `iat` is in the future.
    NotYetValid,
    /// Neither `sub` nor `client_id` names the caller.
    Unnamed,
}

impl Denied {
    /// The outcome in the log line.
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
            Self::Unnamed => "unnamed_caller",
        }
    }
}
