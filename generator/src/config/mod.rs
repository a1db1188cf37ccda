//! Configuration from environment variables, read once at start: CONTRACT 2.

mod address;
mod block_catalog;
mod model;
mod planner;
mod settings;
mod token;

pub use self::{
    address::GeneratorAddress,
    block_catalog::{BLOCK_CATALOG, BlockCatalog},
    model::ModelSettings,
    planner::{ApiKey, Bedrock, ExtraHeaders, KeyHeader, OpenAi, PLANNER, Planner},
    settings::Config,
};
pub(crate) use self::{address::URL, planner::header_map};
