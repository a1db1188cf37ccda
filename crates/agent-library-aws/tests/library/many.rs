//! An owner with 10,000 agents: what lists, searches and offers ask the table for.

use agent_library::{
    head::{Head, id_from},
    ports::Library as _,
    search::Search,
};
use agent_library_aws::Shelf;
use agent_offers::offers::{NEWEST, Offers as _};
use shared::caller::Owner;

use crate::{
    agents::{at, named, new_agent, owner},
    cloud::clients,
    large_table::LargeTable,
    offers::index,
};

const AGENTS: usize = 10_000;

/// Newest first. The oldest is the needle, and behind the newest 300 is one that rates leads.
fn heads(owner: &Owner) -> Vec<Head> {
    let any = Head::new(&new_agent(&named("Thing", "Reads a feed and posts what is new to a channel."), 0));
    let head = |age: usize| {
        let mut head = any.clone();
        head.agent_id = id_from(owner, &age.to_string());
        head.updated_at = at((AGENTS - age) as u64);
        head.profile.name = match age {
            300 => "Lead scorer".to_owned(),
            age if age + 1 == AGENTS => "Needle".to_owned(),
            age => format!("Thing {age}"),
        };
        head
    };
    (0..AGENTS).map(head).collect()
}

#[tokio::test]
async fn of_10_000_agents_a_page_is_one_query_a_search_two_at_most_and_so_are_offers() {
    let owner = owner();
    let heads = heads(&owner);
    let table = LargeTable::start(&owner, &heads).await;
    let shelf = Shelf::new(&clients(&format!("http://{}", table.address)), "library", "library");

    let (mut after, mut listed) = (None, Vec::new());
    loop {
        let page = shelf.heads(&owner, &Search::new("", 100, after)).await.unwrap();
        let expected = if page.items.is_empty() { &["query"][..] } else { &["query", "batchgetitem"] };
        assert_eq!(table.calls(), expected, "after {} agents", listed.len());
        listed.extend(page.items.into_iter().map(|head| head.agent_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(listed.iter().eq(heads.iter().map(|head| &head.agent_id)), "{} agents", listed.len());

    // The one that is looked at last.
    let found = shelf.heads(&owner, &Search::new("needle feed", 20, None)).await.unwrap();
    let names: Vec<&str> = found.items.iter().map(|head| &*head.profile.name).collect();
    assert_eq!((names, found.next.is_none()), (vec!["Needle"], true));
    assert_eq!(table.calls(), ["query", "query", "batchgetitem"]);
    let none = shelf.heads(&owner, &Search::new("haystack", 20, None)).await.unwrap();
    assert!(none.items.is_empty() && none.next.is_none());
    assert_eq!(table.calls(), ["query", "query"]);

    // A goal that speaks of leads.
    let stems = ["lead".to_owned(), "score".to_owned()];
    let offers = index(&table.address, "library").of_owner(&owner, &stems).await.unwrap();
    let offered: Vec<&str> = offers.iter().map(|offer| &*offer.graph_id).collect();
    let newest = heads.iter().take(NEWEST).chain([&heads[300]]);
    assert!(offered.into_iter().eq(newest.map(|head| &*head.agent_id)), "{offers:?}");
    assert_eq!(table.calls(), ["query", "query"]);
}
