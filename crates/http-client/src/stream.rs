//! A body that is read while it arrives.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use crate::fault::{Fault, Stage, fault};

/// The rest of an answer's body. Dropping it closes the connection.
#[derive(Debug)]
pub struct OpenBody(Incoming);

impl OpenBody {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self(incoming)
    }

    /// Waits for the next bytes, at most `patience` and never past `deadline`; `None` at the end. Fails if the time is
    /// over or the connection breaks.
    pub async fn next(&mut self, patience: Duration, deadline: Instant) -> Result<Option<Bytes>, Fault> {
        let until = Instant::now().checked_add(patience).map_or(deadline, |patient| patient.min(deadline));
        loop {
            let Some(frame) = timeout_at(until, self.0.frame()).await.map_err(|_| Fault::OutOfTime)? else {
                return Ok(None);
            };
            // Frames without data are trailers.
            if let Ok(chunk) = frame.map_err(|error| fault(&error, Stage::Sent))?.into_data() {
                return Ok(Some(chunk));
            }
        }
    }
}
