//! How the built-in generator plans: by rules or with a language model.

use http_client::{
    aws::{AwsService, SecretAddress, settings},
    http_address,
};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use secrecy::SecretString;
use shared::environment::BadConfig;

use super::model::ModelSettings;

#[derive(Debug, Clone)]
pub enum Planner {
    /// Offline.
    Rules,
    /// Any OpenAI-compatible API.
    OpenAi(Box<OpenAi>),
    Bedrock(Box<Bedrock>),
}

#[derive(Debug, Clone)]
pub struct OpenAi {
    /// `OPENAI_BASE_URL`; its path is a prefix.
    pub base: Url,
    /// `OPENAI_API_VERSION`, in the query: Azure's deployments need it.
    pub api_version: Option<String>,
    /// `OPENAI_MODEL`.
    pub model: String,
    pub key: ApiKey,
    pub key_header: KeyHeader,
    pub headers: ExtraHeaders,
    pub settings: ModelSettings,
}

impl OpenAi {
    /// The API of OpenAI or of Azure, which follows it.
    #[must_use]
    pub fn is_openais_own(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        host == OPENAI_HOST || AZURE_HOSTS.iter().any(|ending| host.ends_with(ending))
    }
}

/// `OPENAI_AUTH`: the header that the key goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHeader {
    /// `Authorization: Bearer`.
    Bearer,
    /// `api-key`, as on Azure.
    ApiKey,
}

/// Headers for every request, as a JSON object.
#[derive(Debug, Clone)]
pub enum ExtraHeaders {
    None,
    /// `OPENAI_HEADERS`.
    Given(HeaderMap),
    /// `OPENAI_HEADERS_SECRET_ARN`.
    Stored(SecretAddress),
}

impl ExtraHeaders {
    pub(crate) fn stored(&self) -> Option<&SecretAddress> {
        match self {
            Self::Stored(address) => Some(address),
            Self::None | Self::Given(_) => None,
        }
    }
}

impl ApiKey {
    pub(crate) fn stored(&self) -> Option<&SecretAddress> {
        match self {
            Self::Stored(address) => Some(address),
            Self::None | Self::Given(_) => None,
        }
    }
}

#[derive(Debug, Clone)]
pub enum ApiKey {
    /// The API needs no key.
    None,
    /// `OPENAI_API_KEY`.
    Given(SecretString),
    /// `OPENAI_SECRET_ARN`, in AWS Secrets Manager.
    Stored(SecretAddress),
}

#[derive(Debug, Clone)]
pub struct Bedrock {
    /// `BEDROCK_MODEL_ID`: the id of a model, or the id or ARN of an inference profile.
    pub model: String,
    /// In the function's region.
    pub runtime: AwsService,
    pub settings: ModelSettings,
}

pub const PLANNER: &str = "PLANNER";
const BASE_URL: &str = "OPENAI_BASE_URL";
const MODEL: &str = "OPENAI_MODEL";
const KEY: &str = "OPENAI_API_KEY";
const SECRET_ARN: &str = "OPENAI_SECRET_ARN";
const API_VERSION: &str = "OPENAI_API_VERSION";
const AUTH: &str = "OPENAI_AUTH";
const HEADERS: &str = "OPENAI_HEADERS";
const HEADERS_SECRET_ARN: &str = "OPENAI_HEADERS_SECRET_ARN";
const BEDROCK_MODEL: &str = "BEDROCK_MODEL_ID";

/// OpenAI's API, which needs a key.
const OPENAI_HOST: &str = "api.openai.com";
const AZURE_HOSTS: [&str; 2] = [".openai.azure.com", ".services.ai.azure.com"];
const OPENAI_URL: &str = "https://api.openai.com/v1";

impl Planner {
    /// Of the language model, if one plans.
    #[must_use]
    pub fn settings(&self) -> Option<&ModelSettings> {
        match self {
            Self::Rules => None,
            Self::OpenAi(openai) => Some(&openai.settings),
            Self::Bedrock(bedrock) => Some(&bedrock.settings),
        }
    }

    /// `given` returns the values of variables that are set and not blank.
    pub(super) fn from_environment(given: &impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        match given(PLANNER).as_deref() {
            None | Some("rules") => Ok(Self::Rules),
            Some("openai") => openai(given).map(|openai| Self::OpenAi(Box::new(openai))),
            Some("bedrock") => bedrock(given).map(|bedrock| Self::Bedrock(Box::new(bedrock))),
            Some(_) => Err(BadConfig::new(PLANNER, "must be rules, openai or bedrock, or empty (rules)")),
        }
    }
}

fn openai(given: &impl Fn(&str) -> Option<String>) -> Result<OpenAi, BadConfig> {
    let base = given(BASE_URL).unwrap_or_else(|| OPENAI_URL.to_owned());
    // The whole address, as documentation of APIs shows it.
    let base = base.trim_end_matches('/').trim_end_matches("/chat/completions");
    let base = http_address(
        BASE_URL,
        base,
        "must be an http:// or https:// address without a query, or empty; OPENAI_API_VERSION takes the version of Azure's API",
    )?;
    let model = given(MODEL).ok_or(BadConfig::new(MODEL, "must name the model if PLANNER is openai"))?;
    let key = match (given(KEY), given(SECRET_ARN)) {
        (Some(_), Some(_)) => {
            return Err(BadConfig::new(KEY, "must be empty if OPENAI_SECRET_ARN is set: one of them would be ignored"));
        }
        (Some(key), None) => {
            HeaderValue::from_str(&key)
                .map_err(|_| BadConfig::new(KEY, "must be one line without control characters"))?;
            ApiKey::Given(key.into())
        }
        (None, Some(arn)) => ApiKey::Stored(SecretAddress::from_environment(SECRET_ARN, arn, given)?),
        (None, None) if base.host_str() == Some(OPENAI_HOST) => {
            return Err(BadConfig::new(SECRET_ARN, "or OPENAI_API_KEY must be set: OpenAI's own API needs a key"));
        }
        (None, None) => ApiKey::None,
    };
    let key_header = match given(AUTH).as_deref() {
        None | Some("bearer") => KeyHeader::Bearer,
        Some("api-key") => KeyHeader::ApiKey,
        Some(_) => return Err(BadConfig::new(AUTH, "must be bearer or api-key, or empty (bearer)")),
    };
    let headers = match (given(HEADERS), given(HEADERS_SECRET_ARN)) {
        (Some(_), Some(_)) => {
            let rule = "must be empty if OPENAI_HEADERS_SECRET_ARN is set: one of them would be ignored";
            return Err(BadConfig::new(HEADERS, rule));
        }
        (Some(headers), None) => ExtraHeaders::Given(
            header_map(&headers).ok_or(BadConfig::new(HEADERS, "must be a JSON object of header names and texts"))?,
        ),
        (None, Some(arn)) => ExtraHeaders::Stored(SecretAddress::from_environment(HEADERS_SECRET_ARN, arn, given)?),
        (None, None) => ExtraHeaders::None,
    };
    let api_version = given(API_VERSION);
    let settings = ModelSettings::from_environment(given)?;
    Ok(OpenAi { base, api_version, model, key, key_header, headers, settings })
}

/// Reads a JSON object of header names and values.
pub(crate) fn header_map(text: &str) -> Option<HeaderMap> {
    let headers: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let header = |(name, value): (String, serde_json::Value)| {
        let mut value = HeaderValue::from_str(value.as_str()?).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
    };
    headers.into_iter().map(header).collect()
}

fn bedrock(given: &impl Fn(&str) -> Option<String>) -> Result<Bedrock, BadConfig> {
    let model = given(BEDROCK_MODEL)
        .ok_or(BadConfig::new(BEDROCK_MODEL, "must name the model, or an inference profile, if PLANNER is bedrock"))?;
    let (region, endpoint) = (settings::region(given)?, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME");
    let runtime = AwsService::from_environment("bedrock", "bedrock-runtime", endpoint, region, given)?;
    let settings = ModelSettings::from_environment(given)?;
    settings.without_effort()?;
    Ok(Bedrock { model, runtime, settings })
}

#[cfg(test)]
mod tests {
    use shared::environment::given;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/openai-AbCdEf";
    const AWS: [(&str, &str); 3] =
        [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];
    const MODEL: [(&str, &str); 2] = [("PLANNER", "openai"), ("OPENAI_MODEL", "m")];
    const LOCAL: (&str, &str) = ("OPENAI_BASE_URL", "http://localhost:11434/v1");
    const BEDROCK: [(&str, &str); 2] = [("PLANNER", "bedrock"), ("BEDROCK_MODEL_ID", "amazon.nova-lite-v1:0")];

    fn read(sets: &[&[(&str, &str)]]) -> Result<Planner, BadConfig> {
        // The last value of a name counts, so that a case can override earlier ones.
        let value = |name: &str| sets.concat().iter().rev().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
        Planner::from_environment(&|name: &str| given(value, name))
    }

    fn refused(sets: &[&[(&str, &str)]]) -> String {
        let refusal = read(sets).unwrap_err().to_string();
        assert!(!refusal.contains("hunter2"), "{refusal}");
        refusal
    }

    #[test]
    fn without_a_planner_the_rules_plan_and_other_settings_are_ignored() {
        for planner in ["", "rules", " rules "] {
            let broken = [("OPENAI_BASE_URL", "x"), ("OPENAI_SECRET_ARN", "x"), ("AWS_ENDPOINT_URL", "x")];
            assert!(matches!(read(&[&[("PLANNER", planner)], &broken]), Ok(Planner::Rules)), "{planner}");
        }
    }

    #[test]
    fn an_unknown_planner_is_refused_by_name() {
        for planner in ["OpenAI", "gpt", "rules,openai", "hunter2"] {
            assert!(refused(&[&[("PLANNER", planner)]]).starts_with("PLANNER must be rules, openai or bedrock"));
        }
    }

    #[test]
    fn a_model_on_this_machine_needs_only_an_address_and_a_name() {
        let Ok(Planner::OpenAi(openai)) = read(&[&MODEL, &[LOCAL]]) else { panic!("no model") };
        assert_eq!((openai.base.as_str(), openai.model.as_str()), (LOCAL.1, "m"));
        assert!(matches!(openai.key, ApiKey::None));
        assert!(refused(&[&[("PLANNER", "openai"), LOCAL]]).starts_with("OPENAI_MODEL must "));
        for base in ["x", "ftp://h", "http://me:hunter2@h", "https://h/v1?key=hunter2", "https://h/#hunter2"] {
            assert!(refused(&[&MODEL, &[("OPENAI_BASE_URL", base)]]).starts_with("OPENAI_BASE_URL must "), "{base}");
        }
    }

    #[test]
    fn openais_own_api_needs_a_key() {
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
    fn a_secret_is_read_from_the_region_of_its_arn() {
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
    fn bedrock_is_called_in_the_functions_region_or_at_the_endpoint() {
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
    fn azure_and_gateways_can_be_reached() {
        let settings = [
            ("OPENAI_BASE_URL", "https://r.openai.azure.com/openai/deployments/d/chat/completions/"),
            ("OPENAI_API_VERSION", "2024-10-21"),
            ("OPENAI_AUTH", "api-key"),
            ("OPENAI_HEADERS", r#"{"X-Team": "hunter2"}"#),
        ];
        let planner = read(&[&MODEL, &settings]).unwrap();
        assert!(!format!("{planner:?}").contains("hunter2"));
        let Planner::OpenAi(openai) = planner else { panic!("no model") };
        assert_eq!(openai.base.as_str(), "https://r.openai.azure.com/openai/deployments/d");
        assert_eq!((openai.key_header, openai.api_version.as_deref()), (KeyHeader::ApiKey, Some("2024-10-21")));
        assert!(openai.is_openais_own());
        for (variable, value) in
            [("OPENAI_AUTH", "hunter2"), ("OPENAI_HEADERS", "X-Team: hunter2"), ("OPENAI_HEADERS", r#"{"a":7}"#)]
        {
            assert!(refused(&[&MODEL, &[LOCAL, (variable, value)]]).starts_with(&format!("{variable} must ")));
        }
        let twice = [LOCAL, ("OPENAI_HEADERS", "{}"), ("OPENAI_HEADERS_SECRET_ARN", ARN)];
        assert!(refused(&[&MODEL, &AWS, &twice]).starts_with("OPENAI_HEADERS must be empty"));
    }

    #[test]
    fn an_answer_never_takes_more_than_a_quarter_of_the_window() {
        let settings = |given: &[(&str, &str)]| match read(&[&MODEL, &[LOCAL], given]).unwrap() {
            Planner::OpenAi(openai) => openai.settings,
            other => panic!("{other:?}"),
        };
        assert_eq!((settings(&[]).context_tokens, settings(&[]).most_output()), (32_768, 8192));
        assert_eq!(settings(&[("MODEL_CONTEXT_TOKENS", "8192")]).most_output(), 2048);
        assert_eq!(settings(&[("MODEL_MAX_TOKENS", "300")]).most_output(), 300);
        for (variable, value) in [
            ("MODEL_MAX_TOKENS", "255"),
            ("MODEL_MAX_TOKENS", "many"),
            ("MODEL_CONTEXT_TOKENS", "8191"),
            ("MODEL_TEMPERATURE", "2.1"),
            ("MODEL_TEMPERATURE", "NaN"),
            ("MODEL_REASONING_EFFORT", "very high"),
            ("CLOSING_WORDS", "yes"),
        ] {
            assert!(
                refused(&[&MODEL, &[LOCAL, (variable, value)]]).starts_with(&format!("{variable} must ")),
                "{value}"
            );
        }
        let effort = [("MODEL_REASONING_EFFORT", "low")];
        assert!(refused(&[&BEDROCK, &AWS, &effort]).starts_with("MODEL_REASONING_EFFORT must be empty"));
    }

    #[test]
    fn a_missing_setting_of_bedrock_is_named() {
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
