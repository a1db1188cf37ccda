//! An answer that is read while it arrives: what the streams of all APIs have in common.

use std::time::Duration;

use http_client::{Fault, HttpResponse, OpenBody};
use shared::{failure::Failure, progress::Step};
use tokio::time::Instant;

use super::{
    asking::Asking,
    failures::{LANGUAGE_MODEL, too_large},
    naming::Naming,
    said::Said,
};

/// Longest pause within a stream. Models that think before they answer begin late, but then do not pause.
const PAUSE: Duration = Duration::from_secs(60);

/// Gathers an answer from its bytes, however they are cut.
pub(super) trait Arriving {
    /// # Errors
    /// The bytes are not what the other side has sent.
    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault>;

    /// The answer as far as it has come.
    fn said(&self) -> &Said;

    fn is_too_large(&self) -> bool;
}

/// Reads a body to its end, and tells the blocks that are named on the way.
pub(super) async fn arrive(
    mut open: OpenBody,
    answer: &mut impl Arriving,
    reply: &HttpResponse,
    asking: &Asking<'_>,
) -> Result<(), Failure> {
    let (deadline, mut naming) = (asking.deadline(), Naming::default());
    // Before the first bytes the model may think as long as the deadline allows.
    let mut patience = deadline.saturating_duration_since(Instant::now());
    let classified = |fault| LANGUAGE_MODEL.classify_fault(fault);
    while let Some(bytes) = open.next(patience, deadline).await.map_err(classified)? {
        patience = PAUSE;
        answer.take(&bytes).map_err(classified)?;
        for block in naming.more(answer.said().so_far()) {
            asking.progress.step(Step::AskingModel, Some(block));
        }
        if answer.is_too_large() {
            return Err(too_large(reply));
        }
    }
    Ok(())
}
