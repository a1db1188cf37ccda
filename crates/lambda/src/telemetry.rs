//! Logging and metrics: CONTRACT 9. Writes one JSON line and one line of metrics (CloudWatch's embedded metric format) per
//! request; everything else goes through `tracing`.

use std::{io::Write, time::Duration};

use sanitise::sanitise;
use serde::{Serialize, Serializer, ser::SerializeMap};
use shared::{
    action::Action,
    error_type::ErrorType,
    json::first_chars,
    request_log::{MAX_ASKED, RequestLog},
};
use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{
    filter::Targets,
    fmt::{
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Longest generator text in the log, in characters.
const MAX_SERVICE_ERROR: usize = 2_000;
/// The target that turns request lines on and off.
const OWN_TARGET: &str = "lambda::telemetry";

/// Starts logging for this crate and `log_targets` at `AWS_LAMBDA_LOG_LEVEL` (the template's `LogLevel`), else `RUST_LOG`,
/// else INFO. Other crates log errors only: at lower levels libraries quote addresses and bodies. A panic is logged with
/// its place only, because its message can quote the caller.
pub(crate) fn start(log_targets: &[&'static str]) {
    let variable = |name| std::env::var(name).ok();
    let level = parse_level(variable("AWS_LAMBDA_LOG_LEVEL").or(variable("RUST_LOG")).as_deref());
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    let filter = filter(log_targets, level);
    // Fails only if a test has already started logging.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panic");
    }));
}

fn filter(log_targets: &[&str], level: LevelFilter) -> Targets {
    // Targets match by prefix: without the colons `lambda` would turn on `lambda_runtime`, which logs whole events.
    let own = ["lambda"].iter().chain(log_targets).map(|target| (format!("{target}::"), level));
    Targets::new().with_default(LevelFilter::ERROR).with_targets(own)
}

fn parse_level(level: Option<&str>) -> LevelFilter {
    match level.map(str::to_ascii_uppercase).as_deref() {
        Some("FATAL") => LevelFilter::ERROR,
        Some(level) => level.parse().unwrap_or(LevelFilter::INFO),
        None => LevelFilter::INFO,
    }
}

/// The log line of one request, or of one queue message.
#[derive(Debug)]
pub(crate) struct LogLine<'a> {
    pub(crate) action: Action,
    pub(crate) log: &'a RequestLog,
    pub(crate) total_time: Duration,
    pub(crate) request_id: &'a str,
    pub(crate) is_cold_start: bool,
    /// The X-Ray header, such as `Root=1-abc;Parent=x;Sampled=1`.
    pub(crate) trace: Option<&'a str>,
}

impl LogLine<'_> {
    /// Writes the line if the level allows it, and the metrics always.
    pub(crate) fn write(&self) {
        if tracing::enabled!(target: OWN_TARGET, Level::INFO) {
            write_line(self);
        }
        write_line(&Metrics(self));
    }

    /// A caller may send the header: cut, so that it cannot fill the log.
    fn trace_id(&self) -> Option<&str> {
        let trace = self.trace?;
        let root = trace.split(';').find_map(|part| part.trim().strip_prefix("Root=")).unwrap_or(trace);
        Some(first_chars(root, MAX_ASKED))
    }
}

/// Ignores failures: standard output is the log, so there is nowhere to report them.
fn write_line(line: &impl Serialize) {
    if let Ok(mut text) = serde_json::to_vec(line) {
        text.push(b'\n');
        let _ = std::io::stdout().lock().write_all(&text);
    }
}

fn now() -> String {
    let mut text = String::new();
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Serialize for LogLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let log = self.log;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", &now())?;
        map.serialize_entry("level", "INFO")?;
        map.serialize_entry("message", "request served")?;
        map.serialize_entry("operation", self.action.words().name)?;
        map.serialize_entry("outcome", log.outcome.unwrap_or_default())?;
        map.serialize_entry("error_type", &log.error_type.as_ref().map(ErrorType::name))?;
        map.serialize_entry("upstream_status", &log.upstream_status)?;
        map.serialize_entry("upstream_ms", &log.upstream_time.map(milliseconds))?;
        map.serialize_entry("total_ms", &milliseconds(self.total_time))?;
        map.serialize_entry("attempts", &log.attempts)?;
        map.serialize_entry("request_id", self.request_id)?;
        map.serialize_entry("operation_id", &log.operation_id)?;
        map.serialize_entry("cold_start", &self.is_cold_start)?;
        map.serialize_entry("trace_id", &self.trace_id())?;
        if let Some(used) = &log.model {
            map.serialize_entry("model", &used.model)?;
            map.serialize_entry("input_tokens", &used.input_tokens)?;
            map.serialize_entry("output_tokens", &used.output_tokens)?;
        }
        if let Some(tool) = log.tool {
            map.serialize_entry("tool", tool)?;
            map.serialize_entry("client", &log.client)?;
        }
        if let Some(events) = log.events {
            map.serialize_entry("events", &events)?;
        }
        if let Some(service_error) = &log.service_error {
            map.serialize_entry("service_error", &sanitise(service_error, MAX_SERVICE_ERROR))?;
        }
        map.end()
    }
}

/// The embedded metric format: `Errors` by function and class, the rest by function.
struct Metrics<'a>(&'a LogLine<'a>);

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Metric {
            name: &'static str,
            unit: &'static str,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Directive {
            namespace: &'static str,
            dimensions: [&'static [&'static str]; 1],
            metrics: Vec<Metric>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Aws {
            timestamp: u64,
            cloud_watch_metrics: Vec<Directive>,
        }
        let LogLine { log, is_cold_start, action, .. } = self.0;
        let count = |name| Metric { name, unit: "Count" };
        let mut by_function = vec![count("Requests"), count("ColdStart")];
        if log.upstream_time.is_some() {
            by_function.push(Metric { name: "UpstreamLatency", unit: "Milliseconds" });
        }
        let directive =
            |dimensions, metrics| Directive { namespace: "AgentGenerator", dimensions: [dimensions], metrics };
        let mut directives = vec![directive(&["function"][..], by_function)];
        if log.error_type.is_some() {
            directives.push(directive(&["function", "error_type"][..], vec![count("Errors")]));
        }
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("_aws", &Aws { timestamp: milliseconds(since_epoch), cloud_watch_metrics: directives })?;
        map.serialize_entry("function", action.words().name)?;
        map.serialize_entry("Requests", &1)?;
        map.serialize_entry("ColdStart", &u8::from(*is_cold_start))?;
        if let Some(time) = log.upstream_time {
            map.serialize_entry("UpstreamLatency", &milliseconds(time))?;
        }
        if let Some(error_type) = &log.error_type {
            map.serialize_entry("error_type", error_type.metric_name())?;
            map.serialize_entry("Errors", &1)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(error_type: Option<ErrorType>) -> RequestLog {
        RequestLog {
            outcome: Some(if error_type.is_some() { "error" } else { "agent_preview" }),
            service_error: error_type.is_some().then(|| "boom".to_owned()),
            error_type,
            upstream_status: Some(200),
            upstream_time: Some(Duration::from_millis(12)),
            attempts: 1,
            operation_id: Some("o".to_owned()),
            ..RequestLog::default()
        }
    }

    fn line(log: &RequestLog) -> LogLine<'_> {
        LogLine {
            action: Action::Patch,
            log,
            total_time: Duration::from_millis(15),
            request_id: "r",
            is_cold_start: true,
            trace: Some("Root=1-abc;Parent=x;Sampled=1"),
        }
    }

    #[test]
    fn the_log_line_has_every_key_of_the_contract() {
        let line = serde_json::to_value(line(&log(None))).unwrap();
        for key in [
            "operation",
            "outcome",
            "error_type",
            "upstream_status",
            "upstream_ms",
            "total_ms",
            "attempts",
            "request_id",
            "operation_id",
            "cold_start",
            "trace_id",
        ] {
            assert!(line.get(key).is_some(), "{key}");
        }
        assert_eq!((line["trace_id"].as_str(), line["level"].as_str()), (Some("1-abc"), Some("INFO")));
        assert_eq!(line["operation_id"], "o");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn a_caller_cannot_fill_the_log_with_its_trace_header() {
        let (request, long) = (log(None), "x".repeat(10_000));
        for trace in [format!("Root={long}"), long] {
            let line = serde_json::to_value(LogLine { trace: Some(&trace), ..line(&request) }).unwrap();
            assert_eq!(line["trace_id"].as_str().map(str::len), Some(100));
        }
    }

    #[test]
    fn an_error_class_made_up_by_a_generator_does_not_create_a_metric() {
        let own = log(Some(ErrorType::Other("made_up".into())));
        let metrics = serde_json::to_value(Metrics(&line(&own))).unwrap();
        assert_eq!(metrics["error_type"], "other");
        assert_eq!(metrics["_aws"]["CloudWatchMetrics"][1]["Dimensions"][0][1], "error_type");
        let none = serde_json::to_value(Metrics(&line(&log(None)))).unwrap();
        assert!(none.get("Errors").is_none());
        assert_eq!(none["_aws"]["CloudWatchMetrics"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_library_of_a_similar_name_logs_errors_only() {
        let filter = filter(&["lifecycle"], LevelFilter::TRACE);
        for own in [OWN_TARGET, "lambda::queue::consume", "lifecycle::work"] {
            assert!(filter.would_enable(own, &Level::TRACE), "{own}");
        }
        for other in ["lambda_runtime::requests", "lambda_http", "lifecycle_aws::table", "hyper::client"] {
            assert!(!filter.would_enable(other, &Level::WARN) && filter.would_enable(other, &Level::ERROR), "{other}");
        }
    }

    #[test]
    fn lambdas_own_level_names_are_understood() {
        assert_eq!(parse_level(Some("FATAL")), LevelFilter::ERROR);
        assert_eq!(parse_level(Some("warn")), LevelFilter::WARN);
        assert_eq!(parse_level(Some("nonsense,x=y")), LevelFilter::INFO);
    }
}
