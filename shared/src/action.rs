//! What a function does, and the words it uses for a person: CONTRACT 4 and 5.2 as data.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Goal -> steps.
    Decompose,
    /// Steps -> agent.
    Generate,
    /// Agent and wished change -> updated agent.
    Patch,
    /// The generator's blocks, and whether it is up.
    Catalog,
    /// State of long-running work, and its completion by a remote generator.
    Operations,
    /// Streams what happens to an operation.
    Stream,
    /// Agents that callers keep.
    Library,
    /// Serves the tools of assistants: the Model Context Protocol.
    Mcp,
    /// Sends webhooks.
    Deliver,
    /// Checks access tokens for the gateway.
    Authorizer,
    /// Serves the page for browsers.
    Page,
}

#[derive(Debug)]
pub struct Words {
    /// In log lines and metrics.
    pub name: &'static str,
    /// Prefix of error codes: `{code}:{error_type}`.
    pub code: &'static str,
    /// `Failed to {purpose}. Please try again.`
    pub purpose: &'static str,
    /// Message of a result with clarifying questions.
    pub questions: &'static str,
    /// `service_error` of `service_not_configured`, for engineers.
    pub missing: &'static str,
    llm_parse: &'static str,
    validation: &'static str,
    not_configured: &'static str,
}

const QUESTIONS: &str = "I need some more information to create this agent. Please answer the following questions:";
const NO_GENERATOR: &str = "Agent Generator service is not configured";
const GENERATION_NOT_CONFIGURED: &str =
    "Agent generation is not available. The Agent Generator service is not configured.";

static DECOMPOSE: Words = Words {
    name: "decompose",
    code: "decomposition_failed",
    purpose: "analyze the goal",
    questions: QUESTIONS,
    missing: NO_GENERATOR,
    llm_parse: "The AI had trouble understanding this request. Please try rephrasing your goal.",
    validation: "The request failed validation. Please try rephrasing.",
    not_configured: GENERATION_NOT_CONFIGURED,
};
static GENERATE: Words = Words {
    name: "generate",
    code: "generation_failed",
    purpose: "generate the agent",
    questions: QUESTIONS,
    missing: NO_GENERATOR,
    llm_parse: "The AI had trouble generating the agent. Please try again or simplify your goal.",
    validation: "The generated agent failed validation. Please try rephrasing your goal.",
    not_configured: GENERATION_NOT_CONFIGURED,
};
static PATCH: Words = Words {
    name: "patch",
    code: "update_generation_failed",
    purpose: "generate the changes",
    questions: "I need some more information about the changes. Please answer the following questions:",
    missing: NO_GENERATOR,
    llm_parse: "The AI had trouble generating the changes. Please try again or simplify your request.",
    validation: "The generated changes failed validation. Please try rephrasing your request.",
    not_configured: "Agent editing is not available. The Agent Generator service is not configured.",
};
static CATALOG: Words = Words {
    name: "catalog",
    code: "catalog_failed",
    purpose: "list the blocks",
    questions: QUESTIONS,
    missing: NO_GENERATOR,
    llm_parse: "The AI had trouble processing this request. Please try again.",
    validation: "The request failed validation. Please try rephrasing.",
    not_configured: GENERATION_NOT_CONFIGURED,
};
const OPERATIONS: Words = Words {
    name: "operations",
    code: "operation_failed",
    purpose: "process the request",
    questions: QUESTIONS,
    missing: "The internal key is not configured",
    llm_parse: "The AI had trouble processing this request. Please try again.",
    validation: "The request failed validation. Please try rephrasing.",
    not_configured: "Completions are not available: no internal key is configured.",
};
/// Serves a route of `operations` in its place: only the log tells them apart.
static STREAM: Words = Words { name: "stream", ..OPERATIONS };
static LIBRARY: Words = Words {
    name: "library",
    code: "library_failed",
    purpose: "keep the agent",
    missing: "The library is not configured",
    validation: "The agent breaks rules of the platform. Please correct what is listed under faults.",
    not_configured: "Keeping agents is not available: the stack has no library.",
    ..OPERATIONS
};
/// Only for logs, and for what fails outside of a tool: the functions behind the tools speak for themselves.
static MCP: Words = Words { name: "mcp", code: "mcp_failed", ..OPERATIONS };
/// Only for logs: the function answers its queue, never a person.
static DELIVER: Words = Words {
    name: "deliver",
    code: "delivery_failed",
    purpose: "deliver the webhook",
    missing: "The webhook secret is not configured",
    ..OPERATIONS
};
/// Only for logs: the gateway answers in its own words.
static AUTHORIZER: Words = Words {
    name: "authorizer",
    code: "authorization_failed",
    purpose: "check the access token",
    missing: "The token issuer is not configured",
    ..OPERATIONS
};
static PAGE: Words = Words { name: "page", code: "page_failed", purpose: "serve the page", ..OPERATIONS };

impl Action {
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::Decompose => &DECOMPOSE,
            Self::Generate => &GENERATE,
            Self::Patch => &PATCH,
            Self::Catalog => &CATALOG,
            Self::Operations => &OPERATIONS,
            Self::Stream => &STREAM,
            Self::Library => &LIBRARY,
            Self::Mcp => &MCP,
            Self::Deliver => &DELIVER,
            Self::Authorizer => &AUTHORIZER,
            Self::Page => &PAGE,
        }
    }

    pub(crate) fn llm_parse_message(self) -> &'static str {
        self.words().llm_parse
    }

    pub(crate) fn validation_message(self) -> &'static str {
        self.words().validation
    }

    pub(crate) fn not_configured_message(self) -> &'static str {
        self.words().not_configured
    }
}
