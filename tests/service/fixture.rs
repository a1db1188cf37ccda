//! What several of these tests need: refused starts, the log line of a request, secrets that must not be logged.

use kit::{
    binaries,
    runtime_api::{Environment, Refused},
};
use serde_json::Value;

/// A password in a variable that a refused start must not log.
pub(crate) const PASSWORD: &str = "hunter2-Geheim";
/// The AWS account in the ARNs of these tests.
pub(crate) const ACCOUNT: &str = "123456789012";
/// The role's session token.
pub(crate) const SESSION_TOKEN: &str = "token-of-the-role";

/// Starts a function that has to refuse its configuration.
pub(crate) async fn refused(function: &str, variables: &[(&str, &str)]) -> Refused {
    Environment::try_start(&binaries::function(function), variables)
        .await
        .err()
        .unwrap_or_else(|| panic!("{function} starts with {variables:?}"))
}

/// A refused start must report the variable to Lambda and must not contain [`PASSWORD`].
pub(crate) fn assert_names_variable(refused: &Refused, variable: &str, value: &str) {
    assert!(!refused.exit.success(), "{value}: {refused:?}");
    let report = refused.report.as_ref().map(Value::to_string).unwrap_or_default();
    assert!(report.contains(variable), "{value}: the report does not name {variable}: {refused:?}");
    let said = format!("{report}\n{}", refused.logs.join("\n"));
    assert!(!said.contains(PASSWORD), "the password is in the log: {refused:?}");
}

/// The one log line of a request; its fields may be at the top or in `fields`.
pub(crate) fn request_line(logs: &[String], request_id: &str) -> Value {
    let lines: Vec<Value> = logs
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line.get("_aws").is_none())
        .map(|line| line.get("fields").filter(|fields| fields.get("operation").is_some()).cloned().unwrap_or(line))
        .filter(|line| line.get("outcome").is_some() && line["request_id"] == request_id)
        .collect();
    assert_eq!(lines.len(), 1, "expected one line per request: {logs:#?}");
    lines[0].clone()
}

/// The log must contain neither the person's goal nor any secret of these tests.
pub(crate) fn assert_nothing_private(logs: &[String]) {
    for secret in ["Zanzibar", "jane.roe", "hunter2", SESSION_TOKEN, ACCOUNT] {
        let line = logs.iter().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
