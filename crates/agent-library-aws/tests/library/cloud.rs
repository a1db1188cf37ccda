//! A table and a bucket of a test's own in a local cloud at `LOCAL_CLOUD_ENDPOINT`. Without that variable these tests print that
//! they were skipped.

use agent_library_aws::Shelf;
use aws::Clients;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::agents::unique;

pub(crate) struct Cloud {
    pub(crate) shelf: Shelf,
    pub(crate) authority: String,
    pub(crate) name: String,
}

impl Cloud {
    #[allow(clippy::print_stderr, reason = "tells the reader of the output that the test did not run")]
    pub(crate) async fn new() -> Option<Self> {
        let Some(endpoint) = std::env::var("LOCAL_CLOUD_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty()) else {
            eprintln!("skipped: LOCAL_CLOUD_ENDPOINT is not set");
            return None;
        };
        let name = unique("library");
        let clients = clients(&endpoint);
        make_table(&clients, &name).await;
        let authority = endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned();
        make_bucket(&authority, &name).await;
        Some(Self { shelf: Shelf::new(&clients, &name, &name), authority, name })
    }

    /// The same library behind another address.
    pub(crate) fn behind(&self, address: &str) -> Shelf {
        Shelf::new(&clients(&format!("http://{address}")), &self.name, &self.name)
    }
}

pub(crate) fn clients(endpoint: &str) -> Clients {
    let given = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(endpoint.to_owned()),
        _ => None,
    };
    Clients::from_environment(given).unwrap()
}

/// As the template has it.
async fn make_table(clients: &Clients, name: &str) {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let defined =
        |name: &str, kind| AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap();
    let index = |name: &str, [hash, range]: [&str; 2], projection| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(hash, KeyType::Hash))
            .key_schema(key(range, KeyType::Range))
            .projection(projection)
            .build()
            .unwrap()
    };
    let with = |names: &[&str]| {
        let names = Some(names.iter().map(|name| (*name).to_owned()).collect());
        Projection::builder().projection_type(ProjectionType::Include).set_non_key_attributes(names).build()
    };
    let keys_only = Projection::builder().projection_type(ProjectionType::KeysOnly).build();
    let table = clients.dynamodb().create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    table
        .attribute_definitions(defined("pk", ScalarAttributeType::S))
        .attribute_definitions(defined("sk", ScalarAttributeType::S))
        .attribute_definitions(defined("owner", ScalarAttributeType::S))
        .attribute_definitions(defined("updated", ScalarAttributeType::N))
        .attribute_definitions(defined("purge", ScalarAttributeType::S))
        .attribute_definitions(defined("purge_at", ScalarAttributeType::N))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("owner-index", ["owner", "updated"], with(&["search"])))
        .global_secondary_indexes(index("offer-index", ["owner", "updated"], with(&["search", "offer"])))
        .global_secondary_indexes(index("purge-index", ["purge", "purge_at"], keys_only))
        .send()
        .await
        .unwrap();
}

/// A raw request, because the crate cannot create buckets. The local cloud does not check signatures.
async fn make_bucket(authority: &str, name: &str) {
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let request =
        format!("PUT /{name} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}
