//! The troubles that APIs name in their refusals, as one table: by code first, then by marks in the message.

use shared::error_type::ErrorType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No credit, or a limit of the account that waiting does not lift.
    Quota,
    Busy,
    Late,
    /// The model, not the request, failed.
    Broken,
    Withheld,
    /// The prompt is longer than the model's window.
    Window,
    /// The model wrote what does not fit the form, and the API refused that.
    Misshapen,
    SystemRole,
    /// The other of `max_tokens` and `max_completion_tokens` is asked for.
    OtherLimit,
    Limit,
    Usage,
    Streaming,
    Temperature,
    Effort,
    /// `strict` or a keyword of the schema.
    Strictness,
    Form,
    Key,
    Model,
    Profile,
    Endpoint,
}

use Trouble::{
    Broken, Busy, Effort, Endpoint, Form, Key, Late, Limit, Misshapen, Model, OtherLimit, Profile, Quota, Streaming,
    Strictness, SystemRole, Temperature, Usage, Window, Withheld,
};

/// Codes, in lower case without `_`, `-` and a trailing `exception` or `error`.
const CODES: [(Trouble, &[&str]); 10] = [
    (
        Quota,
        &[
            "insufficientquota",
            "billinghardlimitreached",
            "billingnotactive",
            "budgetexceeded",
            "quotaexceeded",
            "insufficientbalance",
            "insufficientcredits",
            "insufficientfunds",
            "paymentrequired",
            "creditsexhausted",
            "exceededcurrentquota",
            "servicequotaexceeded",
            "arrearage",
            "accountoverdue",
            "accessterminated",
        ],
    ),
    (
        Busy,
        &[
            "ratelimitexceeded",
            "ratelimit",
            "ratelimitreached",
            "toomanyrequests",
            "throttling",
            "throttled",
            "overloaded",
            "resourceexhausted",
            "engineoverloaded",
            "capacityexceeded",
            "servertoobusy",
            "modelnotready",
        ],
    ),
    (Late, &["modeltimeout", "timeout", "requesttimeout", "gatewaytimeout", "deadlineexceeded"]),
    (Broken, &["model", "modelstream", "serviceunavailable", "unavailable", "enginenotavailable"]),
    (
        Withheld,
        &[
            "contentfilter",
            "contentfiltered",
            "contentpolicyviolation",
            "responsibleaipolicyviolation",
            "datainspectionfailed",
            "promptblocked",
            "moderation",
            "invalidprompt",
            "sensitive",
            "guardrailintervened",
            "safety",
            "cyberpolicyviolation",
        ],
    ),
    (
        Window,
        &[
            "contextlengthexceeded",
            "exceedcontextsize",
            "contextwindowexceeded",
            "stringabovemaxlength",
            "promptistoolong",
            "requesttoolarge",
        ],
    ),
    (
        Misshapen,
        &[
            "jsonvalidatefailed",
            "tooluse",
            "toolusefailed",
            "malformedfunctioncall",
            "malformedtooluse",
            "jsonvalidation",
        ],
    ),
    (
        Key,
        &[
            "invalidapikey",
            "authentication",
            "unauthorized",
            "permission",
            "permissiondenied",
            "accessdenied",
            "invalidauthentication",
            "unrecognizedclient",
            "expiredtoken",
            "invalidsignature",
        ],
    ),
    (Model, &["modelnotfound", "deploymentnotfound", "modelnotsupported", "notfound", "resourcenotfound"]),
    (Endpoint, &["operationnotsupported"]),
];

/// Marks in a message, in lower case. The first that occurs counts.
const MARKS: [(Trouble, &[&str]); 20] = [
    (Profile, &["inference profile", "on-demand throughput"]),
    (Endpoint, &["v1/responses", "not a chat model", "only supported in v1/completions", "does not support chat"]),
    (
        Quota,
        &[
            "credit balance",
            "insufficient balance",
            "insufficient credit",
            "insufficient_quota",
            "exceeded your current quota",
            "budget has been exceeded",
            "billing",
            "out of credits",
            "requires more credits",
            "service quota",
            "payment required",
        ],
    ),
    (
        Window,
        &[
            "context length",
            "context_length",
            "context window",
            "context size",
            "maximum context",
            "max context",
            "prompt is too long",
            "input is too long",
            "too many input tokens",
            "input length",
            "exceeds the model's",
            "max_new_tokens` must be",
            "prompt contains",
            "tokens in the messages",
            "num_ctx",
            "n_ctx",
            "input token count",
            "exceed the context",
        ],
    ),
    (
        Withheld,
        &[
            "content management policy",
            "content filter",
            "content_filter",
            "safety system",
            "usage policies",
            "flagged",
            "content policy",
        ],
    ),
    (
        OtherLimit,
        &[
            "use 'max_completion_tokens'",
            "use max_completion_tokens",
            "use `max_completion_tokens`",
            "use 'max_tokens'",
            "use max_tokens",
            "use `max_tokens`",
        ],
    ),
    (Usage, &["stream_options", "include_usage"]),
    // "does not support tool use in streaming mode": the tool is worth more. And a right of its own on Bedrock.
    (Streaming, &["streaming mode", "bedrock:invokemodelwithresponsestream"]),
    (
        Limit,
        &[
            "max_tokens",
            "max_completion_tokens",
            "maxtokens",
            "maximum tokens",
            "max tokens",
            "max_output_tokens",
            "output tokens",
        ],
    ),
    (
        SystemRole,
        &[
            "system role",
            "system message",
            "system prompt",
            "role 'system'",
            "role \"system\"",
            "role `system`",
            "role: system",
            "developer instruction",
            "system instruction",
            "roles must alternate",
            "conversation roles",
        ],
    ),
    (
        Misshapen,
        &["failed_generation", "failed to generate json", "invalid sequence as part of tooluse", "malformed function"],
    ),
    (
        Strictness,
        &[
            "'strict'",
            "\"strict\"",
            "`strict`",
            "strict mode",
            "additionalproperties",
            "'required' is required",
            "unsupported schema",
            "schema is too",
            "anyof",
            "invalid_json_schema",
            "too many states",
        ],
    ),
    (
        Form,
        &[
            "response_format",
            "response format",
            "response_schema",
            "responseschema",
            "json_schema",
            "json schema",
            "json_object",
            "json mode",
            "structured output",
            "guided",
            "grammar",
            "schema",
            "tool_choice",
            "toolchoice",
            "toolconfig",
            "tool use",
            "tool_use",
            "tooluse",
            "function calling",
            "support tools",
            "tools are not supported",
            "tool calling",
            "requested parameters",
            "response_mime_type",
        ],
    ),
    (Temperature, &["temperature"]),
    (Effort, &["reasoning_effort", "reasoning effort", "reasoning.effort"]),
    (Streaming, &["stream"]),
    (
        Model,
        &[
            "model not found",
            "does not exist",
            "try pulling",
            "unknown model",
            "no such model",
            "model is not available",
            "not a valid model",
            "invalid model",
            "model identifier is invalid",
            "end of its life",
        ],
    ),
    (
        Key,
        &[
            "api key",
            "api_key",
            "don't have access",
            "do not have access",
            "not authorized",
            "unauthorized",
            "permission",
        ],
    ),
    (Late, &["timed out", "idle timeout", "timeout"]),
    (Busy, &["rate limit", "too many requests", "overloaded", "high demand", "at capacity"]),
];

impl Trouble {
    /// `said` is the message in lower case; what names a time to wait is no matter of credit.
    pub(super) fn of(status: u16, code: &str, param: &str, said: &str, waits: bool) -> Option<Self> {
        let marked =
            |text: &str| MARKS.iter().find(|(_, marks)| marks.iter().any(|mark| holds(text, mark))).map(|row| row.0);
        let named = CODES.iter().find(|(_, codes)| codes.contains(&squeezed(code).as_str())).map(|row| row.0);
        let by_status = match status {
            401 => Some(Key),
            402 => Some(Quota),
            429 | 498 | 529 => Some(Busy),
            _ => None,
        };
        // Codes such as `ModelErrorException` and `not_found`, and 429, cover more than one trouble.
        let narrowed = match named.or(by_status) {
            Some(Broken | Model) | None => marked(said)
                .filter(|trouble| *trouble == OtherLimit)
                .or_else(|| marked(&param.to_lowercase()))
                .or_else(|| marked(said)),
            Some(Busy) => marked(said).filter(|trouble| *trouble == Quota && !waits),
            Some(Key) if status == 403 => marked(said).filter(|trouble| *trouble == Streaming),
            Some(_) => None,
        };
        // The words of a server's own fault tell no more than what it may not take.
        let narrowed = narrowed.filter(|trouble| status < 500 || !matches!(trouble, Busy | Key | Late | Model | Quota));
        narrowed.or(named).or(by_status)
    }

    /// The error class, if not that of the status.
    pub(super) fn error_type(self) -> Option<ErrorType> {
        Some(match self {
            Quota => ErrorType::QuotaExceeded,
            Busy => ErrorType::LlmRateLimit,
            Late => ErrorType::LlmTimeout,
            Broken => ErrorType::ServiceUnavailable,
            Withheld => ErrorType::ValidationError,
            Misshapen => ErrorType::LlmParseError,
            _ => return None,
        })
    }

    /// What an operator can do; empty if nothing.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Quota => "the account's credit or quota is used up",
            Withheld => "withheld by a content filter",
            Window => {
                "the prompt is longer than the model's window; set MODEL_CONTEXT_TOKENS to the window of the server"
            }
            Misshapen => "the model's output did not fit the form",
            SystemRole => "the model takes no system prompt",
            OtherLimit | Limit => "the limit of tokens is refused; lower MODEL_MAX_TOKENS",
            Temperature => "the temperature is refused; unset MODEL_TEMPERATURE",
            Effort => "the reasoning effort is refused; unset MODEL_REASONING_EFFORT",
            Strictness | Form => "structured output is refused",
            Usage | Streaming => "streaming is refused",
            Key => "the key is refused, or has no access to this model",
            Model => "the server has no such model; check its name, or pull it",
            Profile => "this model needs an inference profile; set BEDROCK_MODEL_ID to its id or ARN",
            Endpoint => "this model is not served by chat completions (v1/responses); choose another",
            Busy | Late | Broken => "",
        }
    }
}

/// Whether `text` has `mark` at the beginning of a word.
fn holds(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    })
}

fn squeezed(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let short = letters.strip_suffix("exception").unwrap_or(&letters);
    short.strip_suffix("error").unwrap_or(short).to_owned()
}
