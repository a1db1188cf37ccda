//! AWS calls over this crate's client: addresses, Signature Version 4, error codes, Secrets Manager.
//!
//! The SDK's clients would add megabytes to every function.

mod secret;
mod service;
pub mod settings;

pub use self::{
    secret::{Secret, SecretAddress},
    service::{AwsService, NotSigned, S3, error_code},
};
