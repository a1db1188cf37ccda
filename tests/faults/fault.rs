//! One row of the matrix: a fault and what the contract expects of it.

use std::time::Duration;

use kit::{behaviour::Behaviour, dns::Resolution, private_tls::Greeting};

/// How the generator can be reached.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Listening(Behaviour),
    Refused,
    /// It never accepts the connection.
    FullQueue,
    Tls(Greeting),
    /// It expects TLS and is called with `http://`.
    PlainTextToTls,
    /// It is called by a name.
    Resolving(Resolution),
}

/// The connection to the generator when the request arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// None: the process was just started.
    Fresh,
    /// Kept after a good answer.
    Kept,
    /// Kept, then closed by the generator.
    KeptAndClosed,
    /// Kept while the process was frozen.
    Frozen,
    /// Closed by the generator while the process was frozen.
    FrozenAndClosed,
}

/// The deadline in the invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deadline {
    Real,
    /// In 1970: the clock jumped ahead.
    Passed,
    /// Nearer than the reserve for the answer.
    Near,
    /// The largest number: the clock jumped back. `AGENT_GENERATOR_TIMEOUT` is one second.
    Far,
}

/// The process while it waits for the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    Runs,
    /// Thawed before the deadline.
    FrozenBriefly,
    /// Thawed after the deadline.
    FrozenPastDeadline,
}

/// The answer to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result.
    Good,
    /// An error of this type.
    Fails(&'static str),
}

/// The text in `service_error`.
#[derive(Debug, Clone)]
pub(crate) enum ServiceError {
    StartsWith(&'static str),
    /// Starts with the first text and contains the second.
    Contains(&'static str, &'static str),
    Exactly(&'static str),
}

/// When the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timing {
    AtOnce,
    AtLeast(Duration),
    /// Half a second before the deadline.
    UntilDeadline,
    /// After the limit for the body of an error status, 5 s at most.
    ErrorBody,
    /// After `AGENT_GENERATOR_TIMEOUT`.
    OneSecond,
}

#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) connection: Connection,
    pub(crate) process: Process,
    pub(crate) deadline: Deadline,
    pub(crate) outcome: Outcome,
    pub(crate) service_error: ServiceError,
    /// If it differs from the error type's own.
    pub(crate) retryable: Option<bool>,
    /// Lowest and highest number of seconds, if they differ from the class's own.
    pub(crate) retry_after: Option<(u64, u64)>,
    /// The number of attempts.
    pub(crate) calls: usize,
    /// The number of calls that reach the generator, if it is not `calls`.
    pub(crate) arriving: Option<usize>,
    pub(crate) timing: Timing,
    /// The kinds of request that it concerns.
    pub(crate) kinds: &'static [&'static str],
    /// A fault only over HTTP, because the answer is longer there.
    pub(crate) only_over_http: bool,
    /// Not a fault of a job: the generator takes the job over.
    pub(crate) takes_jobs_over: bool,
}

pub(crate) const ALL: &[&str] = &["decompose", "generate", "patch", "catalog", "health"];
pub(crate) const DECOMPOSE: &[&str] = &["decompose"];
pub(crate) const DRAFTS: &[&str] = &["generate", "patch"];
/// All but `health`, whose answer is a state.
pub(crate) const RESULTS: &[&str] = &["decompose", "generate", "patch", "catalog"];
/// Those that may be answered with questions.
pub(crate) const ASKING: &[&str] = &["decompose", "generate", "patch"];

impl Fault {
    /// One call, answered at once.
    pub(crate) fn new(name: &'static str, place: Place, error_type: &'static str, service_error: ServiceError) -> Self {
        Self {
            name,
            place,
            connection: Connection::Fresh,
            process: Process::Runs,
            deadline: Deadline::Real,
            outcome: Outcome::Fails(error_type),
            service_error,
            retryable: None,
            retry_after: None,
            calls: 1,
            arriving: None,
            timing: Timing::AtOnce,
            kinds: ALL,
            only_over_http: false,
            takes_jobs_over: false,
        }
    }

    pub(crate) fn listening(
        name: &'static str,
        behaviour: Behaviour,
        error_type: &'static str,
        begins: &'static str,
    ) -> Self {
        Self::new(name, Place::Listening(behaviour), error_type, ServiceError::StartsWith(begins))
    }

    /// The function answers as if nothing had happened.
    pub(crate) fn harmless(name: &'static str, place: Place) -> Self {
        Self { outcome: Outcome::Good, ..Self::new(name, place, "", ServiceError::Exactly("")) }
    }

    pub(crate) fn until_deadline(self) -> Self {
        self.timing(Timing::UntilDeadline)
    }

    pub(crate) fn timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    pub(crate) fn retryable(mut self) -> Self {
        self.retryable = Some(true);
        self
    }

    pub(crate) fn retry_after(mut self, lowest: u64, highest: u64) -> Self {
        self.retry_after = Some((lowest, highest));
        self
    }

    /// All of them reach the generator.
    pub(crate) fn calls(mut self, calls: usize) -> Self {
        self.calls = calls;
        self
    }

    pub(crate) fn arriving(mut self, arriving: usize) -> Self {
        self.arriving = Some(arriving);
        self
    }

    pub(crate) fn only(mut self, kinds: &'static [&'static str]) -> Self {
        self.kinds = kinds;
        self
    }

    pub(crate) fn only_over_http(mut self) -> Self {
        self.only_over_http = true;
        self
    }

    pub(crate) fn takes_jobs_over(mut self) -> Self {
        self.takes_jobs_over = true;
        self
    }

    pub(crate) fn connection(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    pub(crate) fn process(mut self, process: Process) -> Self {
        self.process = process;
        self
    }

    pub(crate) fn deadline(mut self, deadline: Deadline) -> Self {
        self.deadline = deadline;
        self
    }

    /// Can be played in a process that played others before: it waits for nothing and leaves no state.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.place, Place::Listening(_))
            && (self.connection, self.process, self.deadline, self.timing)
                == (Connection::Fresh, Process::Runs, Deadline::Real, Timing::AtOnce)
            && self.calls == 1
            && self.arriving.is_none()
    }

    /// The number of calls that reach the generator.
    pub(crate) fn arrivals(&self) -> usize {
        self.arriving.unwrap_or(match self.place {
            Place::Listening(_) => self.calls,
            _ => 0,
        })
    }
}
