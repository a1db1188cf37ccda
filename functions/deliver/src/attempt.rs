//! Attempts to deliver one webhook.

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

/// How long a receiver may take to answer.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);
/// The receiver wants no more webhooks: Standard Webhooks.
const GONE: u16 = 410;

/// Why the webhook leaves the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Delivered,
    /// The receiver answered 410.
    Gone,
    /// The callback rules reject the address, and would reject it again.
    Refused,
    /// The operation has expired, or has no callback address.
    Void,
}

impl Ended {
    /// The outcome in the log line.
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

/// Why the webhook must be sent again. Safe to log: holds no address, request or response body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivered {
    /// The table or the secret store failed.
    #[error(transparent)]
    Platform(#[from] PortError),
    #[error("the operation has not ended")]
    NotEnded,
    #[error("no webhook secret is configured")]
    NoKeys,
    #[error(transparent)]
    BadKeys(#[from] BadKeys),
    #[error("could not serialise the webhook")]
    Unwritable,
    #[error(transparent)]
    Unanswered(PostFault),
    /// The status is not 2xx or 410.
    #[error("the receiver answered with status {}", .0.status)]
    NotTaken(Posted),
}

impl NotDelivered {
    /// The receiver's `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NotTaken(posted) => posted.retry_after,
            _ => None,
        }
    }
}

impl Deliver {
    /// Sends the webhook of an operation; takes at most 15 s, and no longer than the invocation has.
    pub async fn attempt(&self, operation_id: &str, invocation: Invocation<'_>) -> Result<Ended, NotDelivered> {
        let now = invocation.clock.now();
        let Some(operation) = self.store.get(operation_id, now).await? else { return Ok(Ended::Void) };
        let Some(url) = &operation.callback_url else { return Ok(Ended::Void) };
        if !operation.status.has_ended() {
            return Err(NotDelivered::NotEnded);
        }
        // Checked again at every attempt: the trusted hosts may have changed since the request.
        let Ok(url) = CallbackUrl::parse(url, &self.trusted) else { return Ok(Ended::Refused) };
        let keys = self.keys.as_ref().ok_or(NotDelivered::NoKeys)?.read().await?;
        let (headers, body) = webhook(&operation, &SigningKeys::parse(&keys)?, now)?;
        match self.client.post(&url, headers, body, invocation.end.min(Instant::now() + TIMEOUT)).await {
            Ok(Posted { status: 200..=299, .. }) => Ok(Ended::Delivered),
            Ok(Posted { status: GONE, .. }) => Ok(Ended::Gone),
            Ok(posted) => Err(NotDelivered::NotTaken(posted)),
            Err(PostFault::NotPublic) => Ok(Ended::Refused),
            Err(fault) => Err(NotDelivered::Unanswered(fault)),
        }
    }
}

/// Builds the headers and the body, signed with the timestamp `now`.
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
