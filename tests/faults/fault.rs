//! A fault, and what the contract expects of it: one row of the matrix.

use std::time::Duration;

use kit::{behaviour::Behaviour, names::Resolves, private_tls::Greeting};

/// Where the generator is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// It listens, and behaves like this.
    There(Behaviour),
    /// Nobody listens on its port.
    Refused,
    /// It never takes up the connection.
    FullQueue,
    /// It has TLS before it, and greets like this.
    Tls(Greeting),
    /// It has TLS before it, and is spoken to in plain text.
    TlsForPlain,
    /// It has a name that resolves like this.
    Named(Resolves),
}

/// What happened to the process before the request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// It was just started.
    Start,
    /// It has been answered well, and has kept the connection.
    Kept,
    /// The same, and the generator has closed that connection.
    KeptAndClosed,
    /// The same as `Kept`, and Lambda froze it; the connection stayed open.
    Frozen,
    /// The same, and the generator closed the connection meanwhile.
    FrozenAndClosed,
}

/// When Lambda says that the time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// As it does.
    True,
    /// It was in 1970: the clock has jumped ahead.
    Over,
    /// It is nearer than what is kept for the answer.
    NearlyOver,
    /// It is as far as a number goes: the clock has jumped back. The operator gives a call one second.
    Far,
}

/// What becomes of the process while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amid {
    /// Nothing.
    Runs,
    /// It is frozen, and thawed while there is time.
    FrozenBriefly,
    /// It is frozen until its deadline has passed.
    FrozenPastDeadline,
}

/// What the caller is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result, as if nothing had been.
    Good,
    /// An error of this type.
    Fails(&'static str),
}

/// What `service_error` has to be.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    /// It begins so.
    Begins(&'static str),
    /// It begins so and holds this too.
    With(&'static str, &'static str),
    /// Exactly this.
    Exactly(&'static str),
}

/// How long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As long as the work does.
    AtOnce,
    /// At least so long.
    AtLeast(Duration),
    /// Until half a second before the deadline.
    UntilTheEnd,
    /// The same, but an error status waits five seconds at most for its body.
    ErrorBody,
    /// The time that the operator gives a call: one second.
    OneSecond,
}

/// One row of the matrix.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) before: Before,
    pub(crate) amid: Amid,
    pub(crate) deadline: Deadline,
    pub(crate) outcome: Outcome,
    pub(crate) says: Says,
    /// Where it is not what the error type alone decides.
    pub(crate) retryable: Option<bool>,
    /// Where it is not the class's own: lowest and highest number of seconds.
    pub(crate) retry_after: Option<(u64, u64)>,
    /// How often the function tries.
    pub(crate) calls: usize,
    /// How often the generator was asked as it sees it, where that is not `calls`.
    pub(crate) arrive: Option<usize>,
    pub(crate) pace: Pace,
    /// The functions that it concerns.
    pub(crate) of: &'static [&'static str],
    /// Without a gateway it is no fault: the answer is shorter there.
    pub(crate) over_http_alone: bool,
    /// For a job it is no fault: the generator has taken that over.
    pub(crate) takes_jobs_over: bool,
}

pub(crate) const ALL: &[&str] = &["decompose", "generate", "patch", "catalog", "health"];
pub(crate) const DECOMPOSE: &[&str] = &["decompose"];
pub(crate) const DRAFTS: &[&str] = &["generate", "patch"];
/// Those whose answer is a result; `health` is asked for a state.
pub(crate) const RESULTS: &[&str] = &["decompose", "generate", "patch", "catalog"];
/// Those whose answer may be questions.
pub(crate) const ASKING: &[&str] = &["decompose", "generate", "patch"];

impl Fault {
    /// A fault of one call, which is told at once.
    pub(crate) fn at(name: &'static str, place: Place, error_type: &'static str, says: Says) -> Self {
        Self {
            name,
            place,
            before: Before::Start,
            amid: Amid::Runs,
            deadline: Deadline::True,
            outcome: Outcome::Fails(error_type),
            says,
            retryable: None,
            retry_after: None,
            calls: 1,
            arrive: None,
            pace: Pace::AtOnce,
            of: ALL,
            over_http_alone: false,
            takes_jobs_over: false,
        }
    }

    /// A generator that behaves like this.
    pub(crate) fn there(
        name: &'static str,
        behaviour: Behaviour,
        error_type: &'static str,
        begins: &'static str,
    ) -> Self {
        Self::at(name, Place::There(behaviour), error_type, Says::Begins(begins))
    }

    /// What costs nobody an answer.
    pub(crate) fn harmless(name: &'static str, place: Place) -> Self {
        Self { outcome: Outcome::Good, ..Self::at(name, place, "", Says::Exactly("")) }
    }

    pub(crate) fn lasting(self) -> Self {
        self.pace(Pace::UntilTheEnd)
    }

    pub(crate) fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
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

    /// So many calls, all of which arrive.
    pub(crate) fn calls(mut self, calls: usize) -> Self {
        self.calls = calls;
        self
    }

    /// So many arrive of its calls.
    pub(crate) fn arrive(mut self, arrive: usize) -> Self {
        self.arrive = Some(arrive);
        self
    }

    pub(crate) fn of(mut self, of: &'static [&'static str]) -> Self {
        self.of = of;
        self
    }

    pub(crate) fn over_http_alone(mut self) -> Self {
        self.over_http_alone = true;
        self
    }

    pub(crate) fn takes_jobs_over(mut self) -> Self {
        self.takes_jobs_over = true;
        self
    }

    pub(crate) fn before(mut self, before: Before) -> Self {
        self.before = before;
        self
    }

    pub(crate) fn amid(mut self, amid: Amid) -> Self {
        self.amid = amid;
        self
    }

    pub(crate) fn deadline(mut self, deadline: Deadline) -> Self {
        self.deadline = deadline;
        self
    }

    /// Whether a process that has played others before may play it: it leaves nothing behind, and waits for nothing.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.place, Place::There(_))
            && (self.before, self.amid, self.deadline, self.pace)
                == (Before::Start, Amid::Runs, Deadline::True, Pace::AtOnce)
            && self.calls == 1
    }

    /// How many calls arrive at the generator.
    pub(crate) fn arrivals(&self) -> usize {
        self.arrive.unwrap_or(match self.place {
            Place::There(_) => self.calls,
            _ => 0,
        })
    }
}
