//! Settings that any language model has.

use shared::environment::BadConfig;

const MAX_TOKENS: &str = "MODEL_MAX_TOKENS";
const CONTEXT_TOKENS: &str = "MODEL_CONTEXT_TOKENS";
const TEMPERATURE: &str = "MODEL_TEMPERATURE";
const EFFORT: &str = "MODEL_REASONING_EFFORT";
const CLOSING_WORDS: &str = "CLOSING_WORDS";

/// Ends a model that runs away; a plan of thirty steps has about 6,000 tokens.
const DEFAULT_MAX_TOKENS: u32 = 8192;
const DEFAULT_CONTEXT_TOKENS: u32 = 32_768;
/// With less, the instructions alone leave no room for a request and its answer.
const LEAST_CONTEXT_TOKENS: u32 = 8192;
const LEAST_MAX_TOKENS: u32 = 256;

#[derive(Debug, Clone, PartialEq)]
pub struct ModelSettings {
    /// `MODEL_MAX_TOKENS`: most tokens of an answer, a model's thinking included.
    pub max_tokens: u32,
    /// `MODEL_CONTEXT_TOKENS`: most tokens of prompt and answer together.
    pub context_tokens: u32,
    /// `MODEL_TEMPERATURE`; some models take only their default.
    pub temperature: Option<f64>,
    /// `MODEL_REASONING_EFFORT`, as the API names it.
    pub reasoning_effort: Option<String>,
    /// `CLOSING_WORDS` is `model`: the model also writes the words that close the making of an agent.
    pub closing_words: bool,
}

impl ModelSettings {
    pub(super) fn from_environment(given: &impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let count = |variable, default, least, rule: &'static str| match given(variable) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|count| *count >= least).ok_or(BadConfig::new(variable, rule)),
        };
        let temperature = given(TEMPERATURE).map(|text| {
            let number = text.parse().ok().filter(|number: &f64| (0.0..=2.0).contains(number));
            number.ok_or(BadConfig::new(TEMPERATURE, "must be a number from 0 to 2, or empty"))
        });
        let reasoning_effort = given(EFFORT).map(|text| {
            let is_word = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_lowercase());
            if is_word {
                Ok(text)
            } else {
                Err(BadConfig::new(EFFORT, "must be a word such as low, medium or high, or empty"))
            }
        });
        Ok(Self {
            max_tokens: count(
                MAX_TOKENS,
                DEFAULT_MAX_TOKENS,
                LEAST_MAX_TOKENS,
                "must be a whole number of tokens, at least 256, or empty",
            )?,
            context_tokens: count(
                CONTEXT_TOKENS,
                DEFAULT_CONTEXT_TOKENS,
                LEAST_CONTEXT_TOKENS,
                "must be a whole number of tokens, at least 8192, or empty",
            )?,
            temperature: temperature.transpose()?,
            reasoning_effort: reasoning_effort.transpose()?,
            closing_words: match given(CLOSING_WORDS).as_deref() {
                None | Some("explanation") => false,
                Some("model") => true,
                Some(_) => return Err(BadConfig::new(CLOSING_WORDS, "must be explanation or model, or empty")),
            },
        })
    }

    /// Refuses a reasoning effort, for an API that has none.
    pub(super) fn without_effort(&self) -> Result<(), BadConfig> {
        match self.reasoning_effort {
            Some(_) => {
                Err(BadConfig::new(EFFORT, "must be empty if PLANNER is bedrock, which has no common name for it"))
            }
            None => Ok(()),
        }
    }

    /// Most tokens of an answer: never more than a quarter of the window, which has to hold the prompt as well.
    #[must_use]
    pub fn most_output(&self) -> u32 {
        self.max_tokens.min(self.context_tokens / 4)
    }
}
