//! Configuration from environment variables, read once at start: CONTRACT 2.

mod address;
mod block_catalog;
mod planner;
mod settings;
mod token;

pub(crate) use self::address::URL;
pub use self::{
    address::GeneratorAddress,
    block_catalog::{BLOCK_CATALOG, BlockCatalog},
    planner::{ApiKey, Bedrock, OpenAi, PLANNER, Planner},
    settings::Config,
};
