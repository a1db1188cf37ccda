//! Names what sent an event that is not a request, by the event's keys: a trigger of AWS that no function here takes, a
//! warm-up, or a test of the console.

use std::borrow::Cow;

use serde_json::value::RawValue;
use shared::json::{self, Object};

/// An object with one of these is a request, whatever else is in it: CONTRACT 3.
const OF_A_REQUEST: [&str; 5] = ["description", "instructions", "changes", "current_agent_json", "route"];

/// Keys that must all be there; a slash leads into an object, and `=` asks for a value. The first row that fits counts.
type Row = (&'static [&'static str], &'static str);

/// Keys of the `requestContext`.
const IN_CONTEXT: [Row; 5] = [
    (&["elb"], "an Application Load Balancer"),
    (&["serviceNetworkArn"], "VPC Lattice"),
    (&["connectionId"], "a WebSocket API of API Gateway"),
    (&["queryString"], "AppSync, for a Lambda authorizer"),
    (&["functionArn"], "a destination of another Lambda function"),
];

const AUTHORIZER: &str = "API Gateway, for a Lambda authorizer of type REQUEST";
const OF_AN_AUTHORIZER: [Row; 2] =
    [(&["type=REQUEST", "methodArn"], AUTHORIZER), (&["type=REQUEST", "routeArn"], AUTHORIZER)];

const WITHOUT_CONTEXT: [Row; 35] = [
    (&["Records"], "an unknown source of records"),
    (&["raw_path", "method"], "VPC Lattice"),
    (&["httpMethod", "path"], "a gateway that sends no requestContext"),
    (&["deliveryStreamArn", "records"], "Data Firehose"),
    (&["applicationArn", "records"], "Managed Service for Apache Flink"),
    (&["awslogs/data"], "CloudWatch Logs"),
    (&["alarmArn", "alarmData"], "a CloudWatch alarm"),
    (&["triggerSource", "userPoolId"], "a Cognito user pool"),
    (&["identityPoolId", "datasetName"], "Cognito Sync"),
    (&["info/fieldName"], "AppSync"),
    (&["info/channel"], "AppSync Events"),
    (&["typeName", "fieldName"], "AppSync"),
    (&["messageVersion", "actionGroup"], "a Bedrock agent"),
    (&["messageVersion", "agent"], "a Bedrock agent"),
    (&["messageVersion", "currentIntent"], "Lex"),
    (&["sessionState", "bot"], "Lex"),
    (&["Details/ContactData"], "Connect"),
    (&["session", "request/type"], "Alexa"),
    (&["context/System", "request/type"], "Alexa"),
    (&["directive/header"], "Alexa"),
    (&["invokingEvent"], "AWS Config"),
    (&["RequestType", "ResponseURL"], "CloudFormation, for a custom resource"),
    (&["CodePipeline.job"], "CodePipeline"),
    (&["SecretId", "ClientRequestToken"], "Secrets Manager, to rotate a secret"),
    (&["invocationSchemaVersion", "tasks"], "S3 Batch Operations"),
    (&["getObjectContext"], "S3 Object Lambda"),
    (&["clickType", "serialNumber"], "an IoT button"),
    (&["deviceEvent"], "an IoT 1-Click device"),
    (&["protocolData"], "IoT Core, for a custom authorizer"),
    (&["serverId", "username"], "Transfer Family, for an identity provider"),
    (&["dataObject", "labelingJobArn"], "SageMaker Ground Truth"),
    (&["Type=Notification", "TopicArn"], "an SNS topic"),
    (&["Type=SubscriptionConfirmation", "TopicArn"], "an SNS topic"),
    (&["detail-type"], "EventBridge, without a detail"),
    (&["eventSource"], "another AWS service"),
];

/// By `eventSource`, of the event or of a record; SNS writes `EventSource`.
const BY_SOURCE: [(&str, &str); 13] = [
    ("aws:sns", "an SNS topic"),
    ("aws:s3", "S3"),
    ("aws:kinesis", "a Kinesis stream"),
    ("aws:dynamodb", "a DynamoDB stream"),
    ("aws:ses", "SES"),
    ("aws:codecommit", "CodeCommit"),
    ("aws:kafka", "Managed Streaming for Apache Kafka"),
    ("SelfManagedKafka", "a Kafka cluster"),
    ("aws:mq", "Amazon MQ"),
    ("aws:amq", "Amazon MQ"),
    ("aws:rmq", "Amazon MQ"),
    ("aws:docdb", "DocumentDB"),
    ("aws:cloudwatch", "CloudWatch"),
];

/// The trigger of an event with a `requestContext`; `None` if it may be a request of API Gateway or a Function URL.
pub(crate) fn with_context(event: &Object<'_>, context: &Object<'_>) -> Option<&'static str> {
    find(context, &IN_CONTEXT).or_else(|| find(event, &OF_AN_AUTHORIZER))
}

/// The trigger of an event without `requestContext`; `None` if it may be a request body.
pub(crate) fn without_context(event: &Object<'_>) -> Option<&'static str> {
    if is_request(event) {
        return None;
    }
    of_source(event).or_else(|| find(event, &OF_AN_AUTHORIZER)).or_else(|| find(event, &WITHOUT_CONTEXT))
}

/// The event of a Lambda authorizer of type TOKEN.
pub(crate) fn is_token(event: &Object<'_>) -> bool {
    has_all(event, &["type=TOKEN", "methodArn"])
}

/// An event that is only to see whether the function works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// In the log line.
    pub outcome: &'static str,
    /// `The event is {what}`.
    pub what: &'static str,
}

const TEST: Ping = Ping { outcome: "test_event", what: "a test event of the Lambda console" };
const WARM_UP: Ping = Ping { outcome: "warm_up", what: "a warm-up" };

impl Ping {
    /// A rule of EventBridge with a schedule and no input of its own.
    pub(crate) fn is_schedule(event: &Object<'_>) -> bool {
        has_all(event, &["detail-type=Scheduled Event"]) && is_empty(event.get("detail"))
    }

    pub(crate) fn of(event: &Object<'_>) -> Option<Self> {
        if is_request(event) {
            return None;
        }
        if has_all(event, &["key1", "key2", "key3"]) {
            return Some(TEST);
        }
        let is_warm_up = Self::is_schedule(event) || event.entries().any(|(key, value)| is_warm_up(key, value));
        is_warm_up.then_some(WARM_UP)
    }
}

/// Plugins and tools send `{"warmer": true}`, `{"source": "serverless-plugin-warmup"}` and the like.
fn is_warm_up(key: &str, value: &RawValue) -> bool {
    let names_it = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["warm-up", "warm_up", "warmup", "warmer", "warming", "keepwarm", "keep-warm", "keep_warm", "prewarm"]
            .iter()
            .any(|word| text.contains(word))
    };
    match key {
        "source" | "type" | "action" | "event" | "detail-type" => {
            json::string(value).is_some_and(|value| names_it(&value))
        }
        _ => (names_it(key) || key.eq_ignore_ascii_case("warm")) && !matches!(value.get(), "false" | "null" | "0"),
    }
}

fn is_empty(value: Option<&RawValue>) -> bool {
    value.is_none_or(|value| Object::of(value).is_some_and(|object| object.entries().next().is_none()))
}

fn is_request(event: &Object<'_>) -> bool {
    OF_A_REQUEST.iter().any(|key| event.has(key))
}

fn find(event: &Object<'_>, rows: &[Row]) -> Option<&'static str> {
    rows.iter().find(|(keys, _)| has_all(event, keys)).map(|(_, name)| *name)
}

fn has_all(event: &Object<'_>, keys: &[&str]) -> bool {
    keys.iter().all(|key| match key.split_once('=') {
        Some((key, value)) => event.string(key).is_some_and(|text| text == value),
        None => has(event, key),
    })
}

fn has(event: &Object<'_>, path: &str) -> bool {
    match path.split_once('/') {
        Some((key, rest)) => event.get(key).and_then(Object::of).is_some_and(|inner| has(&inner, rest)),
        None => event.get(path).is_some(),
    }
}

/// By the source of the event, or of its first record that has one.
fn of_source(event: &Object<'_>) -> Option<&'static str> {
    source_name(event).or_else(|| {
        let records = event.get("Records").and_then(json::elements)?;
        records
            .into_iter()
            .filter_map(Object::of)
            .find_map(|record| if record.has("cf") { Some("CloudFront") } else { source_name(&record) })
    })
}

fn source_name(object: &Object<'_>) -> Option<&'static str> {
    let source: Cow<'_, str> = object.string("eventSource").or_else(|| object.string("EventSource"))?;
    BY_SOURCE.iter().find(|(name, _)| *name == source).map(|(_, name)| *name)
}
