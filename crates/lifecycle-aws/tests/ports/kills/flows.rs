//! What can happen to an operation.

use self::Process::{Async, Cancel, Complete, InRequest, Later, Read, Sweep, Work};

/// What the generator does, one per time that it is asked; then it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Succeeds,
    /// In a way that may pass.
    Fails,
    HandsOver,
}

/// One process: a request, an invocation of a worker, a completion, a read, or a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// A request that is answered 202, or its repeat.
    Async,
    /// A request that is answered with its result, or its repeat.
    InRequest,
    /// A worker for each message of the operation.
    Work,
    Complete,
    /// Its caller stops it.
    Cancel,
    Read,
    Sweep,
    /// Not a process: this many seconds pass.
    Later(u64),
}

/// A name, what the generator does, and the processes one after the other.
pub(crate) type Flow = (&'static str, &'static [Step], &'static [Process]);

pub(crate) const FLOWS: [Flow; 17] = [
    ("in the background", &[], &[Async, Work]),
    ("repeated before the work", &[], &[Async, Async, Work]),
    ("repeated after the work", &[], &[Async, Work, Async, Read]),
    ("tried twice", &[Step::Fails], &[Async, Work, Later(60), Work]),
    ("within the request", &[], &[InRequest, InRequest]),
    ("within the request, repeated in the background", &[], &[InRequest, Async, Work]),
    ("within the request, which fails", &[Step::Fails], &[InRequest, Later(60), InRequest]),
    ("within the request, which fails, then in the background", &[Step::Fails], &[InRequest, Async, Later(60), Work]),
    ("in the background, then within a request", &[Step::Fails], &[Async, Later(100), InRequest, Work]),
    ("taken over", &[Step::HandsOver], &[Async, Work, Complete, Complete, Work]),
    ("taken over and forgotten", &[Step::HandsOver], &[Async, Work, Later(1_800), Read, Work, Async]),
    ("cancelled before the work", &[], &[Async, Cancel, Work, Cancel]),
    ("cancelled between two attempts", &[Step::Fails], &[Async, Work, Cancel, Later(60), Work]),
    ("cancelled while a generator has it", &[Step::HandsOver], &[Async, Work, Cancel, Complete, Work, Read]),
    ("cancelled, then repeated within a request", &[], &[Async, Cancel, InRequest, Work]),
    ("cancelled too late", &[], &[Async, Work, Cancel, Read]),
    ("swept", &[], &[Async, Later(130), Sweep, Work]),
];
