//! The ports of long-running work on AWS: DynamoDB and S3, SQS, EventBridge.
//!
//! The SDK's clients send over the project's own HTTP client, and take region, credentials and endpoints from the
//! environment, where Lambda puts them. The SDK's own loader and HTTP stack would find the same with two megabytes more,
//! and read the system's certificates at each start.

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
    table::Table,
    wiring::{completions, deliveries, platform},
};
