//! Classifies calls without an answer by the types in an error's chain, never by its text.

use std::{error::Error, io::ErrorKind};

use super::connect::NotResolved;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NotResolved,
    Refused,
    Tls,
    Unreachable,
    /// A pooled connection was closed before the first byte of an answer.
    Stale,
    Broken,
    NotHttp,
    OutOfTime,
}

impl Fault {
    /// Whether the request was surely not processed.
    pub(crate) fn is_repeatable(self) -> bool {
        matches!(self, Self::NotResolved | Self::Refused | Self::Stale)
    }

    /// For engineers; names no address.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotResolved => "the name did not resolve",
            Self::Refused => "the connection was refused",
            Self::Tls => "the TLS handshake failed",
            Self::Unreachable => "the address could not be reached",
            Self::Stale | Self::Broken => "the connection broke before the answer was complete",
            Self::NotHttp => "the answer was not HTTP",
            Self::OutOfTime => "there was no answer in time",
        }
    }
}

/// Where a request was when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Connecting,
    /// On a connection that had served a request before, and has not begun to answer this one.
    Reused,
    Sent,
}

/// Classifies an error of a client.
#[must_use]
pub fn fault(error: &(dyn Error + 'static), stage: Stage) -> Fault {
    let io = |kinds: &[ErrorKind]| find::<std::io::Error>(error, |io| kinds.contains(&io.kind()));
    if io(&[ErrorKind::TimedOut]) {
        return Fault::OutOfTime;
    }
    match stage {
        Stage::Connecting if find::<NotResolved>(error, |_| true) => Fault::NotResolved,
        Stage::Connecting if io(&[ErrorKind::ConnectionRefused]) => Fault::Refused,
        Stage::Connecting
            if find::<rustls::Error>(error, |_| true) || io(&[ErrorKind::InvalidData, ErrorKind::UnexpectedEof]) =>
        {
            Fault::Tls
        }
        Stage::Connecting => Fault::Unreachable,
        Stage::Reused if find::<hyper::Error>(error, is_closed) || io(&CLOSED) => Fault::Stale,
        Stage::Reused | Stage::Sent if find::<hyper::Error>(error, hyper::Error::is_parse) => Fault::NotHttp,
        Stage::Reused | Stage::Sent => Fault::Broken,
    }
}

/// Errors that mean the server has closed the connection.
const CLOSED: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted, ErrorKind::BrokenPipe, ErrorKind::UnexpectedEof];

fn is_closed(error: &hyper::Error) -> bool {
    error.is_incomplete_message() || error.is_canceled() || error.is_closed()
}

/// Whether `error` or one of its sources is an `E` that `matches`. Also looks inside I/O errors, which leave the error they
/// wrap out of their chain.
pub fn find<E: Error + 'static>(error: &(dyn Error + 'static), matches: impl Fn(&E) -> bool) -> bool {
    let mut next = Some(error);
    while let Some(source) = next {
        if source.downcast_ref::<E>().is_some_and(&matches) {
            return true;
        }
        next = match source.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => source.source(),
        };
    }
    false
}
