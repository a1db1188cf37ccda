//! From the configuration to a client.

use std::sync::Arc;

use shared::environment::BadConfig;

use super::{bedrock::Bedrock, chat::ChatModel, openai::OpenAi};
use crate::config::{Config, Planner};

/// A client of the configured model; `None` if the planner is the rules. Fails if the certificate file is unusable.
pub fn configured(config: &Config) -> Result<Option<Arc<dyn ChatModel>>, BadConfig> {
    let certificate_file = config.certificate_file.as_deref();
    Ok(match &config.planner {
        Planner::Rules => None,
        Planner::OpenAi(openai) => Some(Arc::new(OpenAi::new((**openai).clone(), certificate_file)?)),
        Planner::Bedrock(bedrock) => Some(Arc::new(Bedrock::new((**bedrock).clone(), certificate_file)?)),
    })
}
