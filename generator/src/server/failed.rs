//! What the caller of a generator is told of a failure.

use shared::{error_type::ErrorType, failure::Failure};

/// A limit is a name of the functions' own: from a generator it would be `unknown`.
pub(super) fn told_type(failure: &Failure) -> &str {
    match &failure.error_type {
        ErrorType::RequestTooLarge => ErrorType::ValidationError.name(),
        class => class.name(),
    }
}
