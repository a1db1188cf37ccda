//! One attempt to deliver one webhook.

use std::time::Duration;

use lambda_http::http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use lifecycle::{
    callback::{CallbackUrl, PostFault, Posted},
    record::OperationRecord,
};
use shared::{invocation::Invocation, port_error::PortError, timestamp::Timestamp};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use tokio::time::Instant;

use crate::{
    Deliver,
    keys::{BadKeys, SigningKeys},
    payload::{message_id, payload},
};

/// A receiver has this long to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// The status by which a receiver says that it wants no more.
const GONE: u16 = 410;

/// Why there is nothing more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The receiver has taken it.
    Delivered,
    /// The receiver wants no more.
    Gone,
    /// The rules for addresses refuse it: it would be refused again.
    Refused,
    /// There is no such operation any more, or it has no address.
    Void,
}

impl Ended {
    /// What the log line calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::Void => "void",
        }
    }
}

/// Why the webhook has to be sent again. Holds nothing of the address, of what was sent, or of what came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivered {
    /// The table, or the secret's store.
    #[error(transparent)]
    Platform(#[from] PortError),
    /// The message came before the end.
    #[error("the operation has not ended")]
    NotEnded,
    /// There is no key to sign with.
    #[error("no webhook secret is configured")]
    NoKeys,
    /// The secret holds no keys.
    #[error(transparent)]
    BadKeys(#[from] BadKeys),
    /// The webhook could not be written.
    #[error("the webhook could not be written")]
    Unwritable,
    /// There was no answer.
    #[error(transparent)]
    Unanswered(PostFault),
    /// The answer says that it was not taken.
    #[error("the receiver answered with status {}", .0.status)]
    NotTaken(Posted),
}

impl NotDelivered {
    /// How long the receiver asks to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NotTaken(posted) => posted.retry_after,
            _ => None,
        }
    }
}

impl Deliver {
    /// Delivers the webhook of an operation, within 15 s and the invocation's time.
    ///
    /// # Errors
    /// It has to be tried again.
    pub async fn attempt(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<Ended, NotDelivered> {
        let now = invocation.clock.now();
        let Some(operation) = self.store.get(operation_id, now).await? else { return Ok(Ended::Void) };
        let Some(url) = &operation.callback_url else { return Ok(Ended::Void) };
        if !operation.status.has_ended() {
            return Err(NotDelivered::NotEnded);
        }
        // The rules may have changed since the address was given, and the table is not where they are kept.
        let Ok(url) = CallbackUrl::parse(url, &self.trusted) else { return Ok(Ended::Refused) };
        let keys = self.keys.as_ref().ok_or(NotDelivered::NoKeys)?.read().await?;
        let (headers, body) = webhook(&operation, &SigningKeys::parse(&keys)?, now)?;
        match self.client.post(&url, headers, body, invocation.end.min(Instant::now() + PATIENCE)).await {
            Ok(Posted { status: 200..=299, .. }) => Ok(Ended::Delivered),
            Ok(Posted { status: GONE, .. }) => Ok(Ended::Gone),
            Ok(posted) => Err(NotDelivered::NotTaken(posted)),
            Err(PostFault::NotPublic) => Ok(Ended::Refused),
            Err(fault) => Err(NotDelivered::Unanswered(fault)),
        }
    }
}

/// The webhook, signed as of `now`.
fn webhook(
    operation: &OperationRecord,
    keys: &SigningKeys,
    now: Timestamp,
) -> Result<(HeaderMap, String), NotDelivered> {
    let body = payload(operation).map_err(|_| NotDelivered::Unwritable)?;
    let id = message_id(&operation.operation_id);
    let timestamp = now.0 as i64;
    let signature = keys.sign(&id, timestamp, &body)?;
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| NotDelivered::Unwritable);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HEADER_WEBHOOK_ID, value(&id)?);
    headers.insert(HEADER_WEBHOOK_TIMESTAMP, timestamp.into());
    headers.insert(HEADER_WEBHOOK_SIGNATURE, value(&signature)?);
    Ok((headers, body))
}
