//! Parses an SQS event into messages.

use shared::json::{self, Object};

/// SQS sends at most this many messages in a batch.
const MAX_RECORDS: usize = 10_000;

/// The messages of one invocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    pub(super) records: Vec<Record>,
}

/// A record. `message` is `None` if it has no body or is not of SQS; `id` is reported to Lambda if the message fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) id: Option<String>,
    pub(super) message: Option<Message>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Empty if the record has none.
    pub id: String,
    /// Needed to change the message's visibility time-out.
    pub receipt_handle: String,
    pub body: String,
    /// How often the message was received, this time included.
    pub receives: u32,
    /// The queue's ARN.
    pub source: Option<String>,
}

/// Leaves out the body, which may hold a caller's data.
impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Message({}, {} bytes)", self.id, self.body.len())
    }
}

impl Batch {
    /// Returns `None` if no record comes from SQS, or there are more than SQS sends. Parses leniently: a broken record must not stop the others.
    #[must_use]
    pub fn from_event(event: &Object<'_>) -> Option<Self> {
        let records = event.get("Records").filter(|records| json::count(records) <= MAX_RECORDS);
        let records = records.and_then(json::elements)?;
        let records: Vec<_> = records.into_iter().map(Object::of).collect();
        records.iter().flatten().any(|record| is_of_sqs(record) == Some(true)).then(|| Self {
            records: records
                .into_iter()
                .map(|record| record.as_ref().map(Record::from_object).unwrap_or_default())
                .collect(),
        })
    }
}

/// `None` if the record does not say.
fn is_of_sqs(record: &Object<'_>) -> Option<bool> {
    record.string("eventSource").map(|source| source == "aws:sqs")
}

impl Record {
    fn from_object(record: &Object<'_>) -> Self {
        let text = |key| record.string(key).map(std::borrow::Cow::into_owned);
        let id = text("messageId").filter(|id| !id.is_empty());
        let attributes = record.get("attributes").and_then(Object::of).unwrap_or_default();
        let receives = attributes.text("ApproximateReceiveCount").and_then(|count| count.parse().ok());
        let body = text("body").filter(|_| is_of_sqs(record) != Some(false));
        let message = body.map(|body| Message {
            id: id.clone().unwrap_or_default(),
            receipt_handle: text("receiptHandle").unwrap_or_default(),
            body,
            receives: receives.unwrap_or(1),
            source: text("eventSourceARN"),
        });
        Self { id, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(text: &str) -> Option<Batch> {
        Batch::from_event(&Object::parse(text).unwrap())
    }

    #[test]
    fn every_field_of_a_message_is_parsed() {
        let read = batch(
            r#"{"Records":[{"messageId":"m","receiptHandle":"r","body":"{}","attributes":{"ApproximateReceiveCount":"3","SenderId":"x"},"messageAttributes":{},"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:jobs","awsRegion":"eu-west-1"}]}"#,
        );
        let message = Message {
            id: "m".into(),
            receipt_handle: "r".into(),
            body: "{}".into(),
            receives: 3,
            source: Some("arn:aws:sqs:eu-west-1:1:jobs".into()),
        };
        assert_eq!(read.unwrap().records, [Record { id: Some("m".into()), message: Some(message) }]);
    }

    #[test]
    fn a_broken_record_does_not_affect_the_others() {
        let read = batch(
            r#"{"Records":[7,{"eventSource":"aws:sqs","body":"b"},{"messageId":"m","body":{}},{"messageId":"n","body":"c","attributes":{"ApproximateReceiveCount":4}},{"messageId":"o","body":"d","eventSource":"aws:mq"}]}"#,
        );
        let records = read.unwrap().records;
        let read: Vec<_> = records
            .iter()
            .map(|record| (record.id.as_deref(), record.message.as_ref().map(|m| (m.body.as_str(), m.receives))))
            .collect();
        assert_eq!(
            read,
            [(None, None), (None, Some(("b", 1))), (Some("m"), None), (Some("n"), Some(("c", 4))), (Some("o"), None)],
            "{records:?}"
        );
    }

    #[test]
    fn millions_of_records_are_not_a_batch() {
        let records =
            |more: usize| format!(r#"{{"Records":[{{"eventSource":"aws:sqs","body":"b"}}{}]}}"#, ",0".repeat(more));
        assert!(batch(&records(9_999)).is_some());
        assert!(batch(&records(10_000)).is_none());
    }

    #[test]
    fn records_of_another_service_are_not_a_batch() {
        for other in ["{}", r#"{"Records":7}"#, r#"{"Records":[]}"#, r#"{"Records":[{"eventSource":"aws:s3"}]}"#] {
            assert_eq!(batch(other), None, "{other}");
        }
    }
}
