//! How the built-in generator plans: by rules, or by asking a language model.

use http_client::{
    aws::{AwsService, SecretAddress, settings},
    http_address,
};
use reqwest::{Url, header::HeaderValue};
use secrecy::SecretString;
use shared::environment::BadConfig;

/// How the built-in generator plans.
#[derive(Debug, Clone)]
pub enum Planner {
    /// By rules, without a network.
    Rules,
    /// By asking a model behind an OpenAI-compatible API.
    OpenAi(OpenAi),
    /// By asking a model on Amazon Bedrock.
    Bedrock(Bedrock),
}

/// A model behind an OpenAI-compatible API.
#[derive(Debug, Clone)]
pub struct OpenAi {
    /// `OPENAI_BASE_URL`: the API's address, whose path is a prefix.
    pub base: Url,
    /// `OPENAI_MODEL`.
    pub model: String,
    /// The key of the API.
    pub key: ApiKey,
}

/// The key of an API.
#[derive(Debug, Clone)]
pub enum ApiKey {
    /// The API asks for none.
    None,
    /// `OPENAI_API_KEY`.
    Given(SecretString),
    /// `OPENAI_SECRET_ARN`: AWS Secrets Manager has it.
    Stored(SecretAddress),
}

/// A model on Amazon Bedrock.
#[derive(Debug, Clone)]
pub struct Bedrock {
    /// `BEDROCK_MODEL_ID`: the id of a model, or the id or ARN of an inference profile.
    pub model: String,
    /// The Bedrock runtime, in the function's region.
    pub runtime: AwsService,
}

/// The variable that names the planner.
pub const PLANNER: &str = "PLANNER";
const BASE_URL: &str = "OPENAI_BASE_URL";
const MODEL: &str = "OPENAI_MODEL";
const KEY: &str = "OPENAI_API_KEY";
const SECRET_ARN: &str = "OPENAI_SECRET_ARN";
const BEDROCK_MODEL: &str = "BEDROCK_MODEL_ID";

/// OpenAI's own API, which answers nobody without a key.
const OPENAI_HOST: &str = "api.openai.com";
const OPENAI_URL: &str = "https://api.openai.com/v1";

impl Planner {
    /// Reads what `given` has: the value of a variable that is there and not empty.
    pub(super) fn from_environment(given: &impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        match given(PLANNER).as_deref() {
            None | Some("rules") => Ok(Self::Rules),
            Some("openai") => openai(given).map(Self::OpenAi),
            Some("bedrock") => bedrock(given).map(Self::Bedrock),
            Some(_) => Err(BadConfig::new(PLANNER, "must be rules, openai or bedrock, or empty (rules)")),
        }
    }
}

fn openai(given: &impl Fn(&str) -> Option<String>) -> Result<OpenAi, BadConfig> {
    let base = given(BASE_URL).unwrap_or_else(|| OPENAI_URL.to_owned());
    let base = http_address(BASE_URL, &base, "must be an http:// or https:// address, or empty")?;
    let model = given(MODEL).ok_or(BadConfig::new(MODEL, "must name the model where PLANNER is openai"))?;
    let key = match (given(KEY), given(SECRET_ARN)) {
        (Some(_), Some(_)) => {
            return Err(BadConfig::new(
                KEY,
                "must be empty where OPENAI_SECRET_ARN is given: one of them would be ignored",
            ));
        }
        (Some(key), None) => {
            HeaderValue::from_str(&key)
                .map_err(|_| BadConfig::new(KEY, "must be one line without control characters"))?;
            ApiKey::Given(key.into())
        }
        (None, Some(arn)) => ApiKey::Stored(SecretAddress::from_environment(SECRET_ARN, arn, given)?),
        (None, None) if base.host_str() == Some(OPENAI_HOST) => {
            return Err(BadConfig::new(SECRET_ARN, "or OPENAI_API_KEY must be given: OpenAI's own API needs a key"));
        }
        (None, None) => ApiKey::None,
    };
    Ok(OpenAi { base, model, key })
}

fn bedrock(given: &impl Fn(&str) -> Option<String>) -> Result<Bedrock, BadConfig> {
    let model = given(BEDROCK_MODEL).ok_or(BadConfig::new(
        BEDROCK_MODEL,
        "must name the model, or an inference profile, where PLANNER is bedrock",
    ))?;
    let (region, endpoint) = (settings::region(given)?, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME");
    let runtime = AwsService::from_environment("bedrock", "bedrock-runtime", endpoint, region, given)?;
    Ok(Bedrock { model, runtime })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/openai-AbCdEf";
    const AWS: [(&str, &str); 3] =
        [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];
    const MODEL: [(&str, &str); 2] = [("PLANNER", "openai"), ("OPENAI_MODEL", "m")];
    const LOCAL: (&str, &str) = ("OPENAI_BASE_URL", "http://localhost:11434/v1");
    const BEDROCK: [(&str, &str); 2] = [("PLANNER", "bedrock"), ("BEDROCK_MODEL_ID", "amazon.nova-lite-v1:0")];

    fn read(sets: &[&[(&str, &str)]]) -> Result<Planner, BadConfig> {
        // The last of a name counts, so that a case can differ from those before it.
        let value = |name: &str| sets.concat().iter().rev().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
        Config::from_environment(value).map(|config| config.planner)
    }

    fn refused(sets: &[&[(&str, &str)]]) -> String {
        let refusal = read(sets).unwrap_err().to_string();
        assert!(!refusal.contains("hunter2"), "{refusal}");
        refusal
    }

    #[test]
    fn nothing_set_up_plans_by_rules_and_asks_nothing_of_the_environment() {
        for planner in ["", "rules", " rules "] {
            let broken = [("OPENAI_BASE_URL", "x"), ("OPENAI_SECRET_ARN", "x"), ("AWS_ENDPOINT_URL", "x")];
            assert!(matches!(read(&[&[("PLANNER", planner)], &broken]), Ok(Planner::Rules)), "{planner}");
        }
    }

    #[test]
    fn a_planner_that_nobody_knows_is_refused_by_name() {
        for planner in ["OpenAI", "gpt", "rules,openai", "hunter2"] {
            assert!(refused(&[&[("PLANNER", planner)]]).starts_with("PLANNER must be rules, openai or bedrock"));
        }
    }

    #[test]
    fn a_model_on_this_machine_needs_an_address_and_a_name_alone() {
        let Ok(Planner::OpenAi(openai)) = read(&[&MODEL, &[LOCAL]]) else { panic!("no model") };
        assert_eq!((openai.base.as_str(), openai.model.as_str()), (LOCAL.1, "m"));
        assert!(matches!(openai.key, ApiKey::None));
        assert!(refused(&[&[("PLANNER", "openai"), LOCAL]]).starts_with("OPENAI_MODEL must "));
        for base in ["x", "ftp://h", "http://me:hunter2@h", "https://h/?key=hunter2", "https://h/#hunter2"] {
            assert!(refused(&[&MODEL, &[("OPENAI_BASE_URL", base)]]).starts_with("OPENAI_BASE_URL must "), "{base}");
        }
    }

    #[test]
    fn openais_own_api_is_not_asked_without_a_key() {
        for base in ["", "https://api.openai.com/v1/", "https://api.openai.com:443/v2"] {
            let said = refused(&[&MODEL, &[("OPENAI_BASE_URL", base)]]);
            assert!(said.contains("OPENAI_SECRET_ARN") && said.contains("OPENAI_API_KEY"), "{said}");
        }
        let Ok(Planner::OpenAi(openai)) = read(&[&MODEL, &[("OPENAI_API_KEY", "sk-1")]]) else { panic!("no model") };
        assert_eq!(openai.base.as_str(), "https://api.openai.com/v1");
        assert!(matches!(openai.key, ApiKey::Given(_)));
    }

    #[test]
    fn a_key_is_never_shown_and_never_given_twice() {
        let given = ("OPENAI_API_KEY", "sk-hunter2");
        assert!(refused(&[&MODEL, &AWS, &[given, ("OPENAI_SECRET_ARN", ARN)]]).starts_with("OPENAI_API_KEY must "));
        assert!(refused(&[&MODEL, &[("OPENAI_API_KEY", "hunter2\nx")]]).starts_with("OPENAI_API_KEY must "));
        let all =
            [read(&[&MODEL, &[given]]), read(&[&MODEL, &AWS, &[("OPENAI_SECRET_ARN", ARN)]]), read(&[&BEDROCK, &AWS])];
        for planner in all {
            let shown = format!("{:?}", planner.unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn a_secret_is_looked_up_where_its_arn_says_it_is() {
        let Ok(Planner::OpenAi(openai)) = read(&[&MODEL, &AWS, &[("OPENAI_SECRET_ARN", ARN)]]) else { panic!("none") };
        let ApiKey::Stored(stored) = openai.key else { panic!("no secret") };
        assert_eq!((stored.arn.as_str(), stored.secrets_manager.region.as_str()), (ARN, "eu-central-1"));
        assert_eq!(stored.secrets_manager.endpoint.as_str(), "https://secretsmanager.eu-central-1.amazonaws.com/");
        for arn in [
            "hunter2",
            "arn:aws:s3:::bucket",
            "arn:aws:secretsmanager::123456789012:secret:x",
            "arn:aws:secretsmanager:evil.example/:123456789012:secret:x",
            "arn:aws:secretsmanager:eu-west-1::secret:x",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret",
        ] {
            let said = refused(&[&MODEL, &AWS, &[("OPENAI_SECRET_ARN", arn)]]);
            assert!(said.starts_with("OPENAI_SECRET_ARN must "), "{arn}: {said}");
        }
        assert!(refused(&[&MODEL, &[("OPENAI_SECRET_ARN", ARN)]]).starts_with("AWS_ACCESS_KEY_ID must "));
    }

    #[test]
    fn bedrock_is_asked_in_the_functions_region_or_where_the_endpoint_says() {
        let endpoint = |changes: &[(&str, &str)]| match read(&[&BEDROCK, &AWS, changes]) {
            Ok(Planner::Bedrock(bedrock)) => bedrock.runtime.endpoint.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(endpoint(&[]), "https://bedrock-runtime.eu-west-1.amazonaws.com/");
        assert_eq!(endpoint(&[("AWS_REGION", "cn-north-1")]), "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/");
        let all = ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
        assert_eq!(endpoint(&[all]), "http://127.0.0.1:4566/");
        let own = ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1");
        assert_eq!(endpoint(&[all, own]), "http://127.0.0.1:1/");
    }

    #[test]
    fn bedrock_without_what_it_needs_is_refused_by_the_name_of_what_is_missing() {
        for missing in ["BEDROCK_MODEL_ID", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let said = refused(&[&BEDROCK, &AWS, &[(missing, " ")]]);
            assert!(said.starts_with(&format!("{missing} must ")), "{said}");
        }
        for region in ["eu-west-1.evil.example/", "EU", "a b"] {
            assert!(refused(&[&BEDROCK, &AWS, &[("AWS_REGION", region)]]).starts_with("AWS_REGION must "));
        }
        assert!(refused(&[&BEDROCK, &AWS, &[("AWS_ENDPOINT_URL", "hunter2")]]).starts_with("AWS_ENDPOINT_URL must "));
    }
}
