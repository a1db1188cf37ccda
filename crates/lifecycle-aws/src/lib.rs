//! The ports of [`lifecycle`] on DynamoDB and S3, SQS and EventBridge.

mod events;
mod faults;
mod item;
mod queue;
mod resources;
mod table;
mod text;
mod wiring;

pub use aws::Clients;

pub use self::{
    events::EventBus,
    queue::Queue,
    table::{Log, Table},
    wiring::{completions, deliveries, platform, platforms, watching},
};
