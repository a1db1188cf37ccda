//! From the configuration to a generator that is ready to be called.

use std::sync::Arc;

use shared::{environment::BadConfig, upstream::Upstream};

use crate::{
    block_catalog,
    builtin::Builtin,
    chosen::Generator,
    config::{Config, GeneratorAddress},
    llm::LlmPlanner,
    model,
    remote::RemoteGenerator,
};

/// Fails if the catalogue is broken or a client cannot be built.
pub async fn connect(config: &Config) -> Result<Upstream<Generator>, BadConfig> {
    upstream(config, builtin).await
}

/// Like [`connect`], but ignores `PLANNER`. For functions that plan nothing: they link no client of a model.
pub async fn connect_without_model(config: &Config) -> Result<Upstream<Generator>, BadConfig> {
    upstream(config, |_, catalogue| Builtin::configured(catalogue).map(Generator::Rules)).await
}

/// The built-in generator over the blocks of `catalogue` (JSON text) or its own. Fails as [`connect`].
pub fn builtin(config: &Config, catalogue: Option<&str>) -> Result<Generator, BadConfig> {
    let rules = Builtin::configured(catalogue)?;
    Ok(match model::configured(config)? {
        None => Generator::Rules(rules),
        Some(model) => {
            let planner = LlmPlanner::new(rules, model);
            Generator::Model(match config.planner.settings() {
                Some(settings) => planner
                    .with_window(number(settings.context_tokens), Some(number(settings.most_output())))
                    .with_closing_words(settings.closing_words),
                None => planner,
            })
        }
    })
}

async fn upstream(
    config: &Config,
    builtin: impl FnOnce(&Config, Option<&str>) -> Result<Generator, BadConfig>,
) -> Result<Upstream<Generator>, BadConfig> {
    let certificate_file = config.certificate_file.as_deref();
    let generator = match &config.generator {
        GeneratorAddress::NotConfigured => None,
        GeneratorAddress::Builtin => Some(match &config.block_catalog {
            Some(source) => builtin(config, Some(&block_catalog::load(source, certificate_file).await?))?,
            None => builtin(config, None)?,
        }),
        GeneratorAddress::Remote(url) => {
            let remote = RemoteGenerator::new(url.clone(), config.token.clone(), certificate_file)?;
            remote.prepare().await;
            Some(Generator::Remote(remote))
        }
    };
    Ok(Upstream::new(generator.map(Arc::new), config.timeout))
}

fn number(tokens: u32) -> usize {
    usize::try_from(tokens).unwrap_or(usize::MAX)
}
