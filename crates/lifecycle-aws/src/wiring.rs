//! Builds what each function needs of AWS, from its environment.

use std::sync::Arc;

use aws::Clients;
use lifecycle::{
    callback::SystemLookup,
    complete::Completions,
    durable::Platform,
    end::Ending,
    ports::JobQueue,
    progress::{LogReader, ProgressLog},
    record::Tool,
    settings::Settings,
    sweep::Sweeper,
};
use shared::environment::BadConfig;

use crate::{
    events::EventBus,
    queue::Queue,
    resources::{
        CALLBACKS_QUEUE_URL, COMPLETIONS_QUEUE_URL, EVENT_BUS_NAME, JOBS_QUEUE_URL, OPERATIONS_TABLE, PROGRESS_TABLE,
        Resources, queue_variable,
    },
    table::{Log, Table},
};

/// For a function that accepts operations and works on them. `None` without `OPERATIONS_TABLE`.
///
/// # Errors
/// Names the first missing or invalid variable.
pub fn platform(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Platform>, BadConfig> {
    let Some(resources) = Resources::from_environment(&variable)? else { return Ok(None) };
    let clients = Clients::from_environment(&variable)?;
    let jobs = Queue::jobs(&clients, required(JOBS_QUEUE_URL, resources.jobs_queue.as_deref())?);
    let (ending, log) = (ending(&clients, &resources)?, log(&clients, &resources));
    Ok(Some(with_queue(jobs, (ending, log), Settings::from_environment(variable)?)))
}

/// For a function that accepts operations of several tools, and leaves the work to others: a platform for each of `tools`,
/// which differ in their queues. `None` without `OPERATIONS_TABLE`.
///
/// # Errors
/// As [`platform`].
pub fn platforms<const N: usize>(
    tools: [Tool; N],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<[Platform; N]>, BadConfig> {
    let Some(resources) = Resources::from_environment(&variable)? else { return Ok(None) };
    let clients = Clients::from_environment(&variable)?;
    let settings = Settings::from_environment(variable)?;
    let (ending, log) = (ending(&clients, &resources)?, log(&clients, &resources));
    let url = |tool| {
        let found = resources.queues_of_tools.iter().find(|(known, _)| *known == tool);
        required(queue_variable(tool), found.map(|(_, url)| &**url))
    };
    for tool in tools {
        url(tool)?;
    }
    let platform = |tool| {
        let jobs = Queue::jobs(&clients, url(tool).unwrap_or_default());
        with_queue(jobs, (ending.clone(), Arc::clone(&log)), settings.clone())
    };
    Ok(Some(tools.map(platform)))
}

fn with_queue(jobs: Queue, (ending, log): (Ending, Arc<dyn ProgressLog>), settings: Settings) -> Platform {
    let jobs = Arc::new(jobs);
    Platform {
        ending,
        log,
        jobs: Arc::<Queue>::clone(&jobs),
        visibility: jobs,
        lookup: Arc::new(SystemLookup),
        settings,
    }
}

/// For a function that applies completions, sweeps, and shows the log.
///
/// # Errors
/// As [`platform`], and if there is no `OPERATIONS_TABLE`.
pub fn completions(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(Completions, Sweeper, Arc<dyn ProgressLog>), BadConfig> {
    let resources = resources(&variable)?;
    let clients = Clients::from_environment(&variable)?;
    let queue = required(COMPLETIONS_QUEUE_URL, resources.completions_queue.as_deref())?;
    let ending = ending(&clients, &resources)?;
    let jobs = resources
        .queues_of_tools
        .iter()
        .map(|(tool, url)| -> (_, Arc<dyn JobQueue>) { (*tool, Arc::new(Queue::jobs(&clients, url))) });
    let sweeper = Sweeper { ending: ending.clone(), jobs: jobs.collect() };
    let visibility = Arc::new(Queue::completions(&clients, queue));
    let log = log(&clients, &resources);
    let settings = Settings::from_environment(variable)?;
    Ok((Completions { ending, visibility, settings, saver: None }, sweeper, log))
}

/// For a function that delivers webhooks: the operations, and the callbacks queue.
///
/// # Errors
/// As [`completions`].
pub fn deliveries(variable: impl Fn(&str) -> Option<String>) -> Result<(Table, Queue), BadConfig> {
    let resources = resources(&variable)?;
    let clients = Clients::from_environment(&variable)?;
    let queue = required(CALLBACKS_QUEUE_URL, resources.callbacks_queue.as_deref())?;
    Ok((table(&clients, &resources), Queue::callbacks(&clients, queue)))
}

/// For a function that only reads: the operations, and their log.
///
/// # Errors
/// As [`completions`], and if there is no `PROGRESS_TABLE`: what it would show comes before the end.
pub fn watching(variable: impl Fn(&str) -> Option<String>) -> Result<LogReader, BadConfig> {
    let resources = resources(&variable)?;
    let clients = Clients::from_environment(&variable)?;
    required(PROGRESS_TABLE, resources.progress_table.as_deref())?;
    Ok(LogReader { store: Arc::new(table(&clients, &resources)), log: log(&clients, &resources) })
}

fn resources(variable: impl Fn(&str) -> Option<String>) -> Result<Resources, BadConfig> {
    Resources::from_environment(variable)?.ok_or_else(|| missing(OPERATIONS_TABLE))
}

fn table(clients: &Clients, resources: &Resources) -> Table {
    Table::new(clients, &resources.table, resources.bucket.as_deref())
}

fn log(clients: &Clients, resources: &Resources) -> Arc<dyn ProgressLog> {
    Arc::new(Log::new(&table(clients, resources), resources.progress_table.as_deref()))
}

fn ending(clients: &Clients, resources: &Resources) -> Result<Ending, BadConfig> {
    Ok(Ending {
        store: Arc::new(table(clients, resources)),
        events: Arc::new(EventBus::new(clients, required(EVENT_BUS_NAME, resources.event_bus.as_deref())?)),
        callbacks: Arc::new(Queue::callbacks(
            clients,
            required(CALLBACKS_QUEUE_URL, resources.callbacks_queue.as_deref())?,
        )),
    })
}

fn required<'a>(variable: &'static str, value: Option<&'a str>) -> Result<&'a str, BadConfig> {
    value.ok_or_else(|| missing(variable))
}

fn missing(variable: &'static str) -> BadConfig {
    BadConfig::new(variable, "must be set for this function's operations")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment with all variables except these.
    fn without(absent: &'static [&'static str]) -> impl Fn(&str) -> Option<String> {
        move |name| {
            let value = match name {
                "AWS_REGION" => "eu-west-1",
                "AWS_ENDPOINT_URL" => "http://127.0.0.1:1",
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "key",
                OPERATIONS_TABLE | PROGRESS_TABLE | "OPERATIONS_BUCKET" | EVENT_BUS_NAME => "name",
                JOBS_QUEUE_URL | CALLBACKS_QUEUE_URL | COMPLETIONS_QUEUE_URL => "http://127.0.0.1:1/queue",
                _ => return None,
            };
            (!absent.contains(&name)).then(|| value.to_owned())
        }
    }

    #[test]
    fn a_function_starts_without_operations_and_else_names_the_missing_variable() {
        assert!(platform(without(&[OPERATIONS_TABLE])).unwrap().is_none());
        assert!(platform(without(&[])).unwrap().is_some());
        assert!(platform(without(&[PROGRESS_TABLE])).unwrap().is_some(), "an environment of before there was a log");
        for (missing, variable) in [
            (&[JOBS_QUEUE_URL][..], JOBS_QUEUE_URL),
            (&[EVENT_BUS_NAME], EVENT_BUS_NAME),
            (&[CALLBACKS_QUEUE_URL], CALLBACKS_QUEUE_URL),
            (&["AWS_REGION"], "AWS_REGION"),
        ] {
            assert_eq!(platform(without(missing)).unwrap_err().variable, variable);
        }
    }

    #[test]
    fn a_function_that_only_serves_operations_does_not_start_without_them() {
        for missing in [&[OPERATIONS_TABLE][..], &[COMPLETIONS_QUEUE_URL]] {
            assert_eq!(completions(without(missing)).unwrap_err().variable, missing[0]);
        }
        for missing in [&[OPERATIONS_TABLE][..], &[CALLBACKS_QUEUE_URL]] {
            assert_eq!(deliveries(without(missing)).unwrap_err().variable, missing[0]);
        }
        for missing in [&[OPERATIONS_TABLE][..], &[PROGRESS_TABLE]] {
            assert_eq!(watching(without(missing)).unwrap_err().variable, missing[0]);
        }
        assert!(watching(without(&[EVENT_BUS_NAME, CALLBACKS_QUEUE_URL, COMPLETIONS_QUEUE_URL])).is_ok());
        assert!(completions(without(&[PROGRESS_TABLE])).is_ok());
        assert!(deliveries(without(&[EVENT_BUS_NAME, PROGRESS_TABLE, "OPERATIONS_BUCKET"])).is_ok());
    }
}
