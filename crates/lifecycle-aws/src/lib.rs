//! The ports of [`lifecycle`] on DynamoDB and S3, SQS and EventBridge.
//!
//! The SDK's clients use the project's HTTP client, and region, credentials and endpoints from Lambda's environment
//! variables. The SDK's own loader and HTTP stack would add two megabytes and read the system's certificates at each
//! start.

mod clients;
mod events;
mod http;
mod item;
mod objects;
mod queue;
mod resources;
mod table;
mod text;
mod wiring;

pub use self::{
    clients::Clients,
    events::EventBus,
    queue::Queue,
    table::{Log, Table},
    wiring::{completions, deliveries, platform},
};
