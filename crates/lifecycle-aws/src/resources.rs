//! Where operations are kept and announced: names and addresses from the environment.

use shared::environment::{self, BadConfig};

/// The variable that names the table; without it there are no operations.
pub(crate) const OPERATIONS_TABLE: &str = "OPERATIONS_TABLE";
const BUCKET: &str = "OPERATIONS_BUCKET";
pub(crate) const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";
pub(crate) const EVENT_BUS_NAME: &str = "EVENT_BUS_NAME";
pub(crate) const CALLBACKS_QUEUE_URL: &str = "CALLBACKS_QUEUE_URL";
pub(crate) const COMPLETIONS_QUEUE_URL: &str = "COMPLETIONS_QUEUE_URL";

/// Where operations are kept, and who is told of them. What a function does not use may be absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resources {
    /// `OPERATIONS_TABLE`.
    pub(crate) table: String,
    /// `OPERATIONS_BUCKET`: for what is too large for the table.
    pub(crate) bucket: Option<String>,
    /// `JOBS_QUEUE_URL`: this function's own jobs.
    pub(crate) jobs_queue: Option<String>,
    /// `EVENT_BUS_NAME`.
    pub(crate) event_bus: Option<String>,
    /// `CALLBACKS_QUEUE_URL`.
    pub(crate) callbacks_queue: Option<String>,
    /// `COMPLETIONS_QUEUE_URL`.
    pub(crate) completions_queue: Option<String>,
}

impl Resources {
    /// Reads an environment given as a function from name to value; `None` where it names no table.
    ///
    /// # Errors
    /// It names a table, and a bus to tell of ends, but no bucket to keep them in.
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadConfig> {
        let given = |name| environment::given(&variable, name);
        let Some(table) = given(OPERATIONS_TABLE) else { return Ok(None) };
        let (bucket, event_bus) = (given(BUCKET), given(EVENT_BUS_NAME));
        if event_bus.is_some() && bucket.is_none() {
            return Err(BadConfig::new(BUCKET, "must be set where OPERATIONS_TABLE and EVENT_BUS_NAME are"));
        }
        Ok(Some(Self {
            table,
            bucket,
            jobs_queue: given(JOBS_QUEUE_URL),
            event_bus,
            callbacks_queue: given(CALLBACKS_QUEUE_URL),
            completions_queue: given(COMPLETIONS_QUEUE_URL),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_without_a_table_starts_and_one_with_half_of_its_resources_does_not() {
        assert_eq!(Resources::from_environment(|_| None), Ok(None));
        let of = |names: &[&str]| Resources::from_environment(|name| names.contains(&name).then(|| "x".to_owned()));
        assert_eq!(of(&[OPERATIONS_TABLE, EVENT_BUS_NAME]).unwrap_err().variable, BUCKET);
        // Who neither takes requests nor ends operations needs no bucket.
        assert_eq!(of(&[OPERATIONS_TABLE, CALLBACKS_QUEUE_URL]).unwrap().unwrap().bucket, None);
        let all = Resources::from_environment(|name| Some(name.to_lowercase())).unwrap().unwrap();
        assert_eq!((all.table.as_str(), all.jobs_queue.as_deref()), ("operations_table", Some("jobs_queue_url")));
    }
}
