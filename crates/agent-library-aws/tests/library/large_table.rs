//! DynamoDB with the agents of one owner, as far as lists and offers ask it. A query looks at 1 MB of an index, whatever of that
//! it returns: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html>.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use agent_library::{
    head::Head,
    index::{OFFER, OFFER_INDEX, OWNER_INDEX, Offer, owner_key},
    search::searched,
};
use serde_json::{Value, json};
use shared::caller::Owner;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

use crate::crashes::read_request;

/// In bytes.
const LOOKED_AT: usize = 1024 * 1024;

pub(crate) struct LargeTable {
    pub(crate) address: String,
    calls: Arc<Mutex<Vec<String>>>,
}

/// Newest first.
struct Indexes {
    owner: String,
    names: Vec<Value>,
    offers: Vec<Value>,
    heads: Vec<String>,
    /// By partition.
    places: HashMap<String, usize>,
}

impl LargeTable {
    /// `heads`: the newest first.
    pub(crate) async fn start(owner: &Owner, heads: &[Head]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, calls) = (listener.local_addr().unwrap().to_string(), Arc::<Mutex<Vec<String>>>::default());
        let (indexes, heard) = (Arc::new(Indexes::new(owner, heads)), Arc::clone(&calls));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (indexes, heard) = (Arc::clone(&indexes), Arc::clone(&heard));
                tokio::spawn(async move { indexes.serve(client, &heard).await });
            }
        });
        Self { address, calls }
    }

    /// Since the last time, by their names in lower case.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

impl Indexes {
    fn new(owner: &Owner, heads: &[Head]) -> Self {
        let owner = owner_key(owner);
        let partition = |head: &Head| format!("{owner}#{}", head.agent_id);
        let name = |head: &Head| {
            json!({
                "pk": {"S": partition(head)}, "sk": {"S": "HEAD"}, "owner": {"S": owner},
                "updated": {"N": head.updated_ms().to_string()}, "search": {"S": searched(&head.profile)},
            })
        };
        let offer = |head: &Head| {
            let mut entry = name(head);
            entry[OFFER] = json!({"S": serde_json::to_string(&Offer::new(head).unwrap()).unwrap()});
            entry
        };
        let text = |head: &Head| serde_json::to_string(head).unwrap();
        let (names, offers) = (heads.iter().map(name).collect(), heads.iter().map(offer).collect());
        let places = heads.iter().enumerate().map(|(place, head)| (partition(head), place)).collect();
        let heads = heads.iter().map(text).collect();
        Self { owner, names, offers, heads, places }
    }

    async fn serve(&self, mut client: TcpStream, calls: &Mutex<Vec<String>>) {
        let Some(request) = read_request(&mut client).await else { return };
        let request = String::from_utf8(request).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let head = head.to_lowercase();
        let call = head.split("dynamodb_20120810.").nth(1).unwrap().split_whitespace().next().unwrap();
        let asked: Value = serde_json::from_str(body).unwrap();
        let answer = match call {
            "query" => self.query(&asked),
            "batchgetitem" => self.read(&asked),
            other => panic!("{other}"),
        };
        calls.lock().unwrap().push(call.to_owned());
        let answer = answer.to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
        client.write_all((head + &answer).as_bytes()).await.unwrap();
    }

    fn query(&self, asked: &Value) -> Value {
        let entries = match asked["IndexName"].as_str().unwrap() {
            OWNER_INDEX => &self.names,
            OFFER_INDEX => &self.offers,
            other => panic!("{other}"),
        };
        let values = asked["ExpressionAttributeValues"].as_object().unwrap();
        assert_eq!(values[":owner"]["S"], self.owner);
        let words: Vec<&str> = values
            .iter()
            .filter(|(name, _)| name.starts_with(":w"))
            .filter_map(|(_, word)| word["S"].as_str())
            .collect();
        let one_is_enough = asked["FilterExpression"].as_str().is_some_and(|filter| filter.contains(" OR "));
        let fits = |entry: &Value| {
            let text = entry["search"]["S"].as_str().unwrap();
            let mut found = words.iter().map(|word| text.contains(word));
            if one_is_enough { found.any(|is_in| is_in) } else { found.all(|is_in| is_in) }
        };
        let start = asked["ExclusiveStartKey"]["pk"]["S"].as_str().map_or(0, |last| self.places[last] + 1);
        let limit = asked["Limit"].as_u64().map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
        let mut room = LOOKED_AT;
        let within = |entry: &&Value| room.checked_sub(size(entry)).map(|left| room = left).is_some();
        let looked_at: Vec<&Value> = entries[start..].iter().take(limit).take_while(within).collect();
        let mut answer = json!({"Items": looked_at.iter().filter(|entry| fits(entry)).collect::<Vec<_>>()});
        if looked_at.len() == limit || start + looked_at.len() < entries.len() {
            let last = looked_at.last().unwrap();
            answer["LastEvaluatedKey"] = ["pk", "sk", "owner", "updated"]
                .map(|name| (name.to_owned(), last[name].clone()))
                .into_iter()
                .collect();
        }
        answer
    }

    fn read(&self, asked: &Value) -> Value {
        let (table, wanted) = asked["RequestItems"].as_object().unwrap().iter().next().unwrap();
        let head = |key: &Value| json!({"head": {"S": self.heads[self.places[key["pk"]["S"].as_str().unwrap()]]}});
        let items: Vec<Value> = wanted["Keys"].as_array().unwrap().iter().map(head).collect();
        json!({"Responses": {table: items}, "UnprocessedKeys": {}})
    }
}

/// As DynamoDB counts: names and values.
fn size(entry: &Value) -> usize {
    let of =
        |value: &Value| value.as_object().unwrap().values().map(|text| text.as_str().unwrap().len()).sum::<usize>();
    entry.as_object().unwrap().iter().map(|(name, value)| name.len() + of(value)).sum()
}
