//! Names and URLs of the AWS resources, from the environment.

use lifecycle::record::Tool;
use shared::environment::{self, BadConfig};

/// Without this variable a function has no operations.
pub(crate) const OPERATIONS_TABLE: &str = "OPERATIONS_TABLE";
pub(crate) const PROGRESS_TABLE: &str = "PROGRESS_TABLE";
const BUCKET: &str = "OPERATIONS_BUCKET";
pub(crate) const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";
pub(crate) const EVENT_BUS_NAME: &str = "EVENT_BUS_NAME";
pub(crate) const CALLBACKS_QUEUE_URL: &str = "CALLBACKS_QUEUE_URL";
pub(crate) const COMPLETIONS_QUEUE_URL: &str = "COMPLETIONS_QUEUE_URL";
const GENERATE_JOBS_QUEUE_URL: &str = "GENERATE_JOBS_QUEUE_URL";
const PATCH_JOBS_QUEUE_URL: &str = "PATCH_JOBS_QUEUE_URL";

/// Names the jobs queue of a tool, for a function that is not its worker.
pub(crate) fn queue_variable(tool: Tool) -> &'static str {
    match tool {
        Tool::GenerateAgent => GENERATE_JOBS_QUEUE_URL,
        Tool::PatchAgent => PATCH_JOBS_QUEUE_URL,
    }
}

/// A resource that a function does not use may be absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resources {
    pub(crate) table: String,
    pub(crate) progress_table: Option<String>,
    /// For texts that are too long for the table.
    pub(crate) bucket: Option<String>,
    /// The queue of this function's own jobs.
    pub(crate) jobs_queue: Option<String>,
    pub(crate) event_bus: Option<String>,
    pub(crate) callbacks_queue: Option<String>,
    pub(crate) completions_queue: Option<String>,
    /// The jobs queues by tool, for a function that looks after the jobs of others.
    pub(crate) queues_of_tools: Vec<(Tool, String)>,
}

impl Resources {
    /// `None` without a table.
    ///
    /// # Errors
    /// There is a table and an event bus, but no bucket for the outcomes.
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadConfig> {
        let given = |name| environment::given(&variable, name);
        let Some(table) = given(OPERATIONS_TABLE) else { return Ok(None) };
        let (bucket, event_bus) = (given(BUCKET), given(EVENT_BUS_NAME));
        if event_bus.is_some() && bucket.is_none() {
            return Err(BadConfig::new(BUCKET, "must be set if OPERATIONS_TABLE and EVENT_BUS_NAME are"));
        }
        Ok(Some(Self {
            table,
            progress_table: given(PROGRESS_TABLE),
            bucket,
            jobs_queue: given(JOBS_QUEUE_URL),
            event_bus,
            callbacks_queue: given(CALLBACKS_QUEUE_URL),
            completions_queue: given(COMPLETIONS_QUEUE_URL),
            queues_of_tools: [Tool::GenerateAgent, Tool::PatchAgent]
                .into_iter()
                .filter_map(|tool| Some((tool, given(queue_variable(tool))?)))
                .collect(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_starts_without_a_table_but_not_with_half_of_its_resources() {
        assert_eq!(Resources::from_environment(|_| None), Ok(None));
        let of = |names: &[&str]| Resources::from_environment(|name| names.contains(&name).then(|| "x".to_owned()));
        assert_eq!(of(&[OPERATIONS_TABLE, EVENT_BUS_NAME]).unwrap_err().variable, BUCKET);
        // A function that neither accepts nor ends operations needs no bucket.
        assert_eq!(of(&[OPERATIONS_TABLE, CALLBACKS_QUEUE_URL]).unwrap().unwrap().bucket, None);
        let all = Resources::from_environment(|name| Some(name.to_lowercase())).unwrap().unwrap();
        assert_eq!((all.table.as_str(), all.jobs_queue.as_deref()), ("operations_table", Some("jobs_queue_url")));
    }
}
