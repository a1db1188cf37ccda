//! What every adapter for AWS is made of: the SDK's clients over the project's HTTP client, signed calls of S3, and the
//! items, expressions and transactions of DynamoDB.
//!
//! Region, credentials and endpoints come from Lambda's environment variables. The SDK's own loader and HTTP stack would add
//! two megabytes and read the system's certificates at each start.

pub mod clients;
pub mod compression;
pub mod expression;
mod http;
pub mod item;
pub mod objects;
pub mod transaction;

pub use self::clients::Clients;
