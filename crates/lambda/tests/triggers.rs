//! Events that are not for these functions: each fails and names its trigger, so that its source repeats it or puts it
//! aside; what only asks whether the function works is answered.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a panic fails the test")]

use lambda::{Function, RequestFunction, Route, Service, function::Request, trigger::Event};
use lambda_runtime::Context;
use shared::{action::Action, refusal::Refusal, reply::Reply, request_log::RequestLog};

/// As the services send them, shortened; with what the error has to say.
const FOREIGN: &[(&str, &str)] = &[
    (
        "an SNS topic",
        r#"{"Records":[{"EventVersion":"1.0","EventSubscriptionArn":"arn:aws:sns:eu-west-1:123456789012:goals:9d1f","EventSource":"aws:sns","Sns":{"Type":"Notification","MessageId":"6f2c","TopicArn":"arn:aws:sns:eu-west-1:123456789012:goals","Message":"{\"description\":\"Post the weather to Slack\"}","MessageAttributes":{}}}]}"#,
    ),
    (
        "an SNS topic",
        r#"{"Type":"Notification","MessageId":"6f2c","TopicArn":"arn:aws:sns:eu-west-1:123456789012:goals","Message":"{}"}"#,
    ),
    (
        "S3",
        r#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"goals"},"object":{"key":"a.json","size":12}}}]}"#,
    ),
    (
        "a Kinesis stream",
        r#"{"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1","sequenceNumber":"49590","data":"e30="},"eventSource":"aws:kinesis","eventID":"shardId-000:49590"}]}"#,
    ),
    (
        "a DynamoDB stream",
        r#"{"Records":[{"eventID":"7de3","eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"Keys":{"id":{"S":"1"}},"SequenceNumber":"4421","StreamViewType":"KEYS_ONLY"}}]}"#,
    ),
    ("SES", r#"{"Records":[{"eventSource":"aws:ses","eventVersion":"1.0","ses":{"mail":{"messageId":"o3vr"}}}]}"#),
    ("CodeCommit", r#"{"Records":[{"eventId":"5a82","eventSource":"aws:codecommit","codecommit":{"references":[]}}]}"#),
    ("CloudFront", r#"{"Records":[{"cf":{"config":{"eventType":"viewer-request"},"request":{"uri":"/"}}}]}"#),
    ("an unknown source of records", r#"{"Records":[]}"#),
    ("an unknown source of records", r#"{"Records":[7,"x",null]}"#),
    ("an unknown source of records", r#"{"Records":[{"eventSource":"aws:unheard-of"}]}"#),
    ("an unknown source of records", r#"{"Records":{}}"#),
    (
        "Managed Streaming for Apache Kafka",
        r#"{"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:eu-west-1:123456789012:cluster/c/1","bootstrapServers":"b-1:9094","records":{"goals-0":[{"topic":"goals","partition":0,"offset":15,"value":"e30="}]}}"#,
    ),
    ("a Kafka cluster", r#"{"eventSource":"SelfManagedKafka","bootstrapServers":"b:9092","records":{"goals-0":[]}}"#),
    (
        "Amazon MQ",
        r#"{"eventSource":"aws:mq","eventSourceArn":"arn:aws:mq:eu-west-1:123456789012:broker:b","messages":[{"messageID":"ID:1","data":"e30="}]}"#,
    ),
    ("Amazon MQ", r#"{"eventSource":"aws:rmq","rmqMessagesByQueue":{"goals::/":[{"data":"e30="}]}}"#),
    ("DocumentDB", r#"{"eventSource":"aws:docdb","events":[{"event":{"operationType":"insert"}}]}"#),
    ("another AWS service", r#"{"eventSource":"aws:unheard-of","things":[]}"#),
    (
        "Data Firehose",
        r#"{"invocationId":"2b4d","deliveryStreamArn":"arn:aws:firehose:eu-west-1:123456789012:deliverystream/d","region":"eu-west-1","records":[{"recordId":"4960","data":"e30="}]}"#,
    ),
    ("CloudWatch Logs", r#"{"awslogs":{"data":"H4sIAAAAAAAAAKtWKkktLlGyUlAqS8wpTQUAm0YVHREAAAA="}}"#),
    (
        "a CloudWatch alarm",
        r#"{"source":"aws.cloudwatch","alarmArn":"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a","accountId":"123456789012","alarmData":{"alarmName":"a","state":{"value":"ALARM"}}}"#,
    ),
    (
        "a Cognito user pool",
        r#"{"version":"1","triggerSource":"PreSignUp_SignUp","region":"eu-west-1","userPoolId":"eu-west-1_Ab1","userName":"ada","request":{"userAttributes":{}},"response":{}}"#,
    ),
    (
        "AppSync",
        r#"{"arguments":{"goal":"x"},"identity":null,"source":null,"request":{"headers":{}},"info":{"fieldName":"decompose","parentTypeName":"Mutation","variables":{}}}"#,
    ),
    (
        "AppSync, for a Lambda authorizer",
        r#"{"authorizationToken":"t","requestContext":{"apiId":"a1","accountId":"123456789012","queryString":"query{a}","variables":{}}}"#,
    ),
    (
        "VPC Lattice",
        r#"{"raw_path":"/decompose","method":"POST","headers":{"content-type":"application/json"},"query_string_parameters":{},"body":"{}","is_base64_encoded":false}"#,
    ),
    (
        "VPC Lattice",
        r#"{"version":"2.0","path":"/decompose","method":"POST","headers":{"accept":["*/*"]},"body":"{}","isBase64Encoded":false,"requestContext":{"serviceNetworkArn":"arn:aws:vpc-lattice:eu-west-1:123456789012:servicenetwork/sn-1","serviceArn":"arn:aws:vpc-lattice:eu-west-1:123456789012:service/svc-1","timeEpoch":"1690497599177430"}}"#,
    ),
    (
        "an Application Load Balancer",
        r#"{"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/6d0e"}},"httpMethod":"POST","path":"/decompose","queryStringParameters":{},"headers":{"host":"x"},"body":"{}","isBase64Encoded":false}"#,
    ),
    (
        "an Application Load Balancer",
        r#"{"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/6d0e"}},"httpMethod":"GET","path":"/health","multiValueHeaders":{"host":["x"]},"body":"","isBase64Encoded":false}"#,
    ),
    (
        "a WebSocket API of API Gateway",
        r#"{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"L0SM9cOF","apiId":"abc123","stage":"v1","domainName":"abc123.execute-api.eu-west-1.amazonaws.com"},"isBase64Encoded":false}"#,
    ),
    (
        "a Lambda authorizer of type TOKEN",
        r#"{"type":"TOKEN","methodArn":"arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/blocks","authorizationToken":"Bearer x"}"#,
    ),
    (
        "a Lambda authorizer of type REQUEST",
        r#"{"type":"REQUEST","methodArn":"arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/blocks","path":"/blocks","httpMethod":"GET","headers":{},"requestContext":{"stage":"v1","path":"/v1/blocks","httpMethod":"GET"}}"#,
    ),
    (
        "a Lambda authorizer of type REQUEST",
        r#"{"version":"2.0","type":"REQUEST","routeArn":"arn:aws:execute-api:eu-west-1:123456789012:abc123/$default/GET/blocks","identitySource":["x"],"requestContext":{"http":{"method":"GET","path":"/blocks"}}}"#,
    ),
    (
        "a destination of another Lambda function",
        r#"{"version":"1.0","requestContext":{"requestId":"e4b4","functionArn":"arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST","condition":"RetriesExhausted"},"requestPayload":{},"responsePayload":{}}"#,
    ),
    (
        "a Bedrock agent",
        r#"{"messageVersion":"1.0","agent":{"name":"a","id":"1"},"actionGroup":"planning","function":"decompose","parameters":[{"name":"goal","type":"string","value":"x"}]}"#,
    ),
    (
        "Lex",
        r#"{"messageVersion":"1.0","bot":{"name":"b"},"sessionState":{"intent":{"name":"i"}},"inputTranscript":"hi"}"#,
    ),
    ("Lex", r#"{"messageVersion":"1.0","bot":{"name":"b"},"currentIntent":{"name":"i","slots":{}},"userId":"u"}"#),
    ("Connect", r#"{"Name":"ContactFlowEvent","Details":{"ContactData":{"Channel":"VOICE"},"Parameters":{}}}"#),
    (
        "Alexa",
        r#"{"version":"1.0","session":{"new":true},"context":{"System":{}},"request":{"type":"LaunchRequest","requestId":"r"}}"#,
    ),
    ("Alexa", r#"{"directive":{"header":{"namespace":"Alexa.PowerController","name":"TurnOn"},"payload":{}}}"#),
    (
        "AWS Config",
        r#"{"version":"1.0","invokingEvent":"{}","ruleParameters":"{}","resultToken":"t","configRuleName":"r"}"#,
    ),
    (
        "CloudFormation",
        r#"{"RequestType":"Create","ResponseURL":"https://example.com/r","StackId":"s","RequestId":"r","LogicalResourceId":"l","ResourceType":"Custom::Goal","ResourceProperties":{}}"#,
    ),
    ("CodePipeline", r#"{"CodePipeline.job":{"id":"1111","accountId":"123456789012","data":{}}}"#),
    ("Secrets Manager", r#"{"Step":"createSecret","SecretId":"arn:aws:secretsmanager:x","ClientRequestToken":"t"}"#),
    ("S3 Batch Operations", r#"{"invocationSchemaVersion":"1.0","invocationId":"i","job":{"id":"j"},"tasks":[]}"#),
    ("IoT Core", r#"{"token":"t","signatureVerified":true,"protocols":["mqtt"],"protocolData":{"mqtt":{}}}"#),
    ("an IoT button", r#"{"serialNumber":"G030","clickType":"SINGLE","batteryVoltage":"1582mV"}"#),
    ("a gateway that sends no requestContext", r#"{"httpMethod":"POST","path":"/decompose","body":"{}"}"#),
    ("EventBridge, without a detail", r#"{"version":"0","source":"shop","detail-type":"goal","detail":null}"#),
];

/// Warm-ups and the console's test.
const PINGS: &[(&str, &str)] = &[
    ("a warm-up", r#"{"source":"serverless-plugin-warmup"}"#),
    ("a warm-up", r#"{"warmer":true,"concurrency":3}"#),
    ("a warm-up", r#"{"warmup":true}"#),
    ("a warm-up", r#"{"isWarmup":1}"#),
    ("a warm-up", r#"{"type":"keep-warm","body":null}"#),
    (
        "a warm-up",
        r#"{"version":"0","id":"53dc","detail-type":"Scheduled Event","source":"aws.events","account":"123456789012","time":"2026-11-26T08:00:00Z","region":"eu-west-1","resources":["arn:aws:events:eu-west-1:123456789012:rule/r"],"detail":{}}"#,
    ),
    ("a test event of the Lambda console", r#"{"key1":"value1","key2":"value2","key3":"value3"}"#),
];

/// Fails the test if it is asked.
struct NeverAsked;

impl Function for NeverAsked {
    const ACTION: Action = Action::Decompose;
}

impl RequestFunction for NeverAsked {
    const ROUTES: &'static [Route] = &[Route { name: "decompose", method: "POST" }];
    const MAX_BODY: usize = 1024;

    async fn serve<'a>(&'a self, request: Request<'a>, _: &'a mut RequestLog) -> Result<Reply, Refusal> {
        panic!("taken for a request: {}", request.body)
    }
}

async fn handled(event: &str) -> Result<serde_json::Value, lambda_runtime::Diagnostic> {
    let mut context = Context::default();
    context.deadline = u64::MAX / 2;
    let response = Service::new(NeverAsked).with_requests().handle(Event::parse(event.as_bytes()), &context).await?;
    Ok(serde_json::to_value(&response).unwrap())
}

#[tokio::test]
async fn an_event_of_another_trigger_is_not_lost_as_a_wrong_request() {
    for (trigger, event) in FOREIGN {
        let failed = handled(event).await.expect_err(event);
        assert_eq!(failed.error_type, "Runtime.UnknownEvent", "{event}");
        let (says, takes) = (&failed.error_message, "Send a request of API Gateway");
        assert!(says.contains(trigger) && says.contains(takes), "{event}: {says}");
    }
}

#[tokio::test]
async fn a_person_who_tries_the_function_and_a_warm_up_get_an_answer_and_raise_no_alarm() {
    for (what, event) in PINGS {
        let answer = handled(event).await.unwrap_or_else(|error| panic!("{event}: {error:?}"));
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(what) && message.contains("is ready"), "{event}: {message}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_event_is_named_by_its_key() {
    for (event, key) in [
        (r#"{"httpMethod":"POST","path":"/decompose","requestContext":{},"body":{"description":"x"}}"#, "body"),
        (r#"{"rawPath":"/decompose","requestContext":{"http":{"method":"POST"}},"body":[1]}"#, "body"),
        (r#"{"httpMethod":"POST","path":"/decompose","requestContext":{},"body":7}"#, "body"),
        (r#"{"detail-type":"goal","source":"shop","detail":"{\"description\":\"x\"}"}"#, "detail"),
        (r#"{"detail-type":"Scheduled Event","source":"aws.scheduler","detail":"x"}"#, "detail"),
        (r#"{"detail-type":"goal","detail":[{"description":"x"}]}"#, "detail"),
        (r#"{"requestContext":{"stage":"v1"},"path":"/decompose"}"#, "HTTP method"),
        (r#"{"requestContext":7}"#, "HTTP method"),
    ] {
        let failed = handled(event).await.expect_err(event);
        assert_eq!(failed.error_type, "Runtime.UnknownEvent", "{event}");
        assert!(failed.error_message.contains(key), "{event}: {}", failed.error_message);
    }
}

#[test]
fn a_request_with_keys_of_another_service_is_still_a_request() {
    for more in [
        r#""Records":[{"eventSource":"aws:s3"}]"#,
        r#""warmup":true"#,
        r#""key1":"","key2":"","key3":"""#,
        r#""httpMethod":"POST","path":"/""#,
        r#""source":"serverless-plugin-warmup""#,
        r#""eventSource":"aws:kafka""#,
    ] {
        for key in ["description", "instructions", "changes", "current_agent_json", "route"] {
            let event = format!(r#"{{"{key}":"x",{more}}}"#);
            assert!(matches!(Event::parse(event.as_bytes()), Event::Direct(body) if body == event), "{event}");
        }
    }
    let on_a_bus = r#"{"detail-type":"goal","source":"warmup.example","detail":{"description":"x"},"warmup":true}"#;
    assert!(matches!(Event::parse(on_a_bus.as_bytes()), Event::EventBridge(_)));
    for event in ["{}", r#"{"route":"health"}"#, r#"{"warmup":false}"#, r#"{"key1":"value1"}"#, r#"{"source":"web"}"#] {
        assert!(matches!(Event::parse(event.as_bytes()), Event::Direct(_)), "{event}");
    }
}
