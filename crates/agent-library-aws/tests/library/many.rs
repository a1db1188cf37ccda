//! An owner with 1,000 agents: what a list and a search ask the table for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use agent_library::{head::Head, ports::Library as _, search::Search};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{
    agents::{at, create, named, new_agent, owner},
    cloud::{Cloud, clients},
    crashes::read_request,
};

/// More would keep the local cloud from answering other tests.
const AGENTS: usize = 1_000;
/// Items of one write.
const AT_ONCE: usize = 25;

/// The calls of the table, by the name in their header, that were sent through the address.
async fn listened(authority: &str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (calls, authority) = (Arc::<Mutex<Vec<String>>>::default(), authority.to_owned());
    let heard = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (heard, authority) = (Arc::clone(&heard), authority.clone());
            tokio::spawn(async move {
                let Some(request) = read_request(&mut client).await else { return };
                let text = String::from_utf8_lossy(&request).to_lowercase();
                let call = text.split("dynamodb_20120810.").nth(1).and_then(|rest| rest.split_whitespace().next());
                heard.lock().unwrap().extend(call.map(str::to_owned));
                let mut cloud = TcpStream::connect(authority).await.unwrap();
                cloud.write_all(&request).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut cloud).await;
            });
        }
    });
    (address, calls)
}

/// Copies the head of the owner's one agent, each copy with a name and an id of its own and newer than those before.
async fn multiply(cloud: &Cloud, head: &Head) {
    let client = clients(&format!("http://{}", cloud.authority)).dynamodb();
    let scanned = client.scan().table_name(&cloud.name).send().await.unwrap();
    let is_head = |item: &&HashMap<String, AttributeValue>| item["sk"].as_s().unwrap() == "HEAD";
    let item = scanned.items().iter().find(is_head).unwrap().clone();
    let partition = item["pk"].as_s().unwrap().clone();
    let copies = (1..AGENTS).map(|number| {
        let (agent_id, name) = (format!("copy-{number}"), format!("Thing {number}"));
        let mut head = Head { agent_id: agent_id.clone(), updated_at: at(number as u64), ..head.clone() };
        head.profile.name.clone_from(&name);
        let mut item = item.clone();
        let texts = [
            ("pk", partition.replace(&*cloud_id(&partition), &agent_id)),
            ("head", serde_json::to_string(&head).unwrap()),
            ("search", name.to_lowercase()),
        ];
        item.extend(texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text))));
        item.insert("updated".to_owned(), AttributeValue::N(head.updated_ms().to_string()));
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let copies: Vec<WriteRequest> = copies.collect();
    for some in copies.chunks(AT_ONCE) {
        let written = client.batch_write_item().request_items(&cloud.name, some.to_vec()).send().await.unwrap();
        assert!(written.unprocessed_items().is_none_or(HashMap::is_empty));
    }
}

fn cloud_id(partition: &str) -> String {
    partition.split_once('#').unwrap().1.to_owned()
}

#[tokio::test]
async fn a_page_of_1_000_agents_is_one_query_and_a_search_through_all_of_them_two_at_most() {
    let Some(cloud) = Cloud::new().await else { return };
    let owner = owner();
    let head = create(&cloud.shelf, &owner, &new_agent(&named("Needle", "the oldest"), 0)).await;
    multiply(&cloud, &head).await;
    let (address, calls) = listened(&cloud.authority).await;
    let shelf = cloud.behind(&address);
    let asked = |calls: &Mutex<Vec<String>>| std::mem::take(&mut *calls.lock().unwrap());

    let page = shelf.heads(&owner, &Search::new("", 100, None)).await.unwrap();
    assert_eq!((page.items.len(), &*page.items[0].profile.name), (100, &*format!("Thing {}", AGENTS - 1)));
    assert!(page.next.is_some());
    assert_eq!(asked(&calls), ["query", "batchgetitem"]);

    // The one that is looked at last.
    let found = shelf.heads(&owner, &Search::new("needle", 20, None)).await.unwrap();
    let names: Vec<&str> = found.items.iter().map(|head| &*head.profile.name).collect();
    assert_eq!((names, found.next.is_none()), (vec!["Needle"], true));
    let queries = asked(&calls);
    assert!(queries.iter().filter(|call| *call == "query").count() <= 2 && queries.len() <= 3, "{queries:?}");

    // A search that finds nothing reads no head.
    let none = shelf.heads(&owner, &Search::new("haystack", 20, None)).await.unwrap();
    assert!(none.items.is_empty() && none.next.is_none());
    assert!(asked(&calls).iter().all(|call| call == "query"));
}
