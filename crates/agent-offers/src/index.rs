//! The port on the library's table.

use std::time::Duration;

use agent_library::index::{OFFER, OFFER_INDEX, Offer, owner_key};
use http_client::{
    HttpClient, HttpRequest, Limits,
    aws::{AwsService, error_code, settings},
};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Map, Value, json, value::RawValue};
use shared::{
    caller::Owner,
    environment::{self, BadConfig, CERTIFICATES},
    json::{Object, each_element},
    port_error::{PortError, PortFuture},
};
use tokio::time::Instant;

use crate::offers::{NEWEST, Offers};

const TABLE: &str = "LIBRARY_TABLE";
/// `off`: no agents are offered.
const SWITCH: &str = "OFFER_AGENTS";
const ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
/// The table answers in milliseconds, and a request goes on without it.
const TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub struct OwnerIndex {
    table: String,
    dynamodb: AwsService,
    client: HttpClient,
}

impl OwnerIndex {
    /// `None` without `LIBRARY_TABLE`, or if `OFFER_AGENTS` is `off`.
    ///
    /// # Errors
    /// Names the first missing or invalid variable.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadConfig> {
        let given = |name: &str| environment::given(&variable, name);
        match given(SWITCH).as_deref() {
            None | Some("on") => {}
            Some("off") => return Ok(None),
            Some(_) => return Err(BadConfig::new(SWITCH, "must be on, off or empty")),
        }
        let Some(table) = given(TABLE) else { return Ok(None) };
        let name = "dynamodb";
        let dynamodb = AwsService::from_environment(name, name, ENDPOINT, settings::region(&given)?, &given)?;
        let https = dynamodb.endpoint.scheme() == "https";
        let client = HttpClient::new(TABLE, https, given(CERTIFICATES).as_deref())?;
        Ok(Some(Self { table, dynamodb, client }))
    }

    async fn find(&self, owner: &Owner, stems: &[String]) -> Result<Vec<Offer>, PortError> {
        let end = Instant::now() + TIMEOUT;
        let mut query = json!({
            "TableName": self.table, "IndexName": OFFER_INDEX, "ScanIndexForward": false, "Limit": NEWEST,
            "KeyConditionExpression": "#owner = :owner", "ProjectionExpression": format!("#{OFFER}"),
            "ExpressionAttributeNames": {"#owner": "owner", format!("#{OFFER}"): OFFER},
            "ExpressionAttributeValues": {":owner": {"S": owner_key(owner)}},
        });
        let (mut offers, next) = self.page(&query, end).await?;
        let (Some(next), Value::Object(query)) = (next.filter(|_| !stems.is_empty()), &mut query) else {
            return Ok(offers);
        };
        search(query, stems, next);
        offers.extend(self.page(&json!(query), end).await?.0.into_iter().take(NEWEST));
        Ok(offers)
    }

    /// The offers of a page, and where the next page begins.
    async fn page(&self, query: &Value, end: Instant) -> Result<(Vec<Offer>, Option<Box<RawValue>>), PortError> {
        let request = HttpRequest::post(&self.dynamodb.endpoint, "/", query.to_string().into_bytes())
            .with_header(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"))
            .with_header(TARGET, HeaderValue::from_static("DynamoDB_20120810.Query"));
        let request = self.dynamodb.signed(request).map_err(|_| failed("unsendable request"))?;
        let sent = self.client.send(&request, Limits::by(end)).await;
        let reply = sent.result.map_err(|fault| failed(fault.reason()))?;
        if !reply.is_success() {
            return Err(failed(error_code(&reply).unwrap_or_else(|| format!("HTTP {}", reply.status))));
        }
        let answer = reply.body.object().ok_or_else(|| failed("unreadable answer"))?;
        let items = answer.get("Items").ok_or_else(|| failed("an answer without items"))?;
        let mut offers = Vec::new();
        each_element(items.get(), |item| {
            offers.extend(offer(item));
            Ok(())
        })
        .map_err(|_| failed("unreadable items"))?;
        Ok((offers, answer.get("LastEvaluatedKey").map(ToOwned::to_owned)))
    }
}

impl Offers for OwnerIndex {
    fn of_owner<'a>(&'a self, owner: &'a Owner, stems: &'a [String]) -> PortFuture<'a, Vec<Offer>> {
        Box::pin(self.find(owner, stems))
    }
}

/// Turns the query of the newest into a search among the others. A limit would count what does not fit, too: a page looks at
/// 1 MB of the index.
fn search(query: &mut Map<String, Value>, stems: &[String], start: Box<RawValue>) {
    let fits: Vec<String> = (0..stems.len()).map(|at| format!("contains(#search, :w{at})")).collect();
    query.remove("Limit");
    query.insert("FilterExpression".to_owned(), fits.join(" OR ").into());
    query.insert("ExclusiveStartKey".to_owned(), json!(start));
    if let Some(names) = query.get_mut("ExpressionAttributeNames").and_then(Value::as_object_mut) {
        names.insert("#search".to_owned(), "search".into());
    }
    if let Some(values) = query.get_mut("ExpressionAttributeValues").and_then(Value::as_object_mut) {
        values.extend(stems.iter().enumerate().map(|(at, stem)| (format!(":w{at}"), json!({"S": stem}))));
    }
}

/// `None` for an agent that cannot be a step: it has no offer.
fn offer(item: &RawValue) -> Option<Offer> {
    let attribute = Object::of_keys(item, &[OFFER])?.get(OFFER)?;
    let text = Object::of_keys(attribute, &["S"])?.string("S")?;
    serde_json::from_str(&text).ok()
}

fn failed(code: impl Into<String>) -> PortError {
    PortError { service: "library table", code: code.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(given: &'static [(&'static str, &'static str)]) -> Result<Option<OwnerIndex>, BadConfig> {
        OwnerIndex::from_environment(move |name| match name {
            "AWS_REGION" => Some("eu-west-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("key".to_owned()),
            _ => given.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned()),
        })
    }

    #[test]
    fn an_operator_switches_offers_off_and_a_typo_is_told() {
        assert!(configured(&[]).unwrap().is_none());
        assert!(configured(&[(TABLE, "t")]).unwrap().is_some());
        assert!(configured(&[(TABLE, "t"), (SWITCH, "on")]).unwrap().is_some());
        assert!(configured(&[(TABLE, "t"), (SWITCH, "off")]).unwrap().is_none());
        assert_eq!(configured(&[(TABLE, "t"), (SWITCH, "no")]).unwrap_err().variable, SWITCH);
    }

    #[test]
    fn what_is_not_an_offer_is_not_offered() {
        let item = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        for text in ["{}", r#"{"offer":{"S":"{}"}}"#, r#"{"offer":{"N":"1"}}"#, r#"{"offer":"x"}"#, "7"] {
            assert!(offer(&item(text)).is_none(), "{text}");
        }
    }
}
