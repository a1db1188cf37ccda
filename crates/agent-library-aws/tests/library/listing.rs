//! Lists and histories.

use std::time::Duration;

use agent_library::{cursor::Place, head::Head, ports::Library, search::Search};
use shared::caller::Owner;
use tokio::time::Instant;

use crate::agents::{create, named, new_agent, owner, save};

/// Every agent that a search finds, page by page.
pub(crate) async fn all(library: &dyn Library, owner: &Owner, q: &str, limit: usize) -> Vec<Head> {
    let (mut heads, mut after): (Vec<Head>, Option<Place>) = (Vec::new(), None);
    loop {
        let page = library.heads(owner, &Search::new(q, limit, after)).await.unwrap();
        assert!(page.items.len() <= limit);
        heads.extend(page.items);
        match page.next {
            // As a caller hands it back.
            Some(next) => after = Place::parse(&next.to_text()),
            None => return heads,
        }
    }
}

pub(crate) async fn names(library: &dyn Library, owner: &Owner, q: &str) -> Vec<String> {
    all(library, owner, q, 100).await.into_iter().map(|head| head.profile.name).collect()
}

/// The index of a real table lags behind.
pub(crate) async fn settled(library: &dyn Library, owner: &Owner, count: usize) {
    let end = Instant::now() + Duration::from_secs(20);
    while all(library, owner, "", 100).await.len() != count {
        assert!(Instant::now() < end, "the list does not come to {count}");
    }
}

pub(crate) async fn a_list_has_every_agent_once_newest_first(library: &dyn Library) {
    let owner = owner();
    let mut heads = Vec::new();
    for number in 0..23 {
        // Some in the same millisecond.
        heads.push(create(library, &owner, &new_agent(&named(&format!("agent {number}"), ""), number / 3)).await);
    }
    save(library, &owner, &heads[4], &named("agent 4, changed", ""), 100).await;
    settled(library, &owner, 23).await;
    for limit in [1, 5, 23, 100] {
        let found = all(library, &owner, "", limit).await;
        assert_eq!(found.len(), 23, "pages of {limit}");
        assert!(found.is_sorted_by(|a, b| a.updated_at >= b.updated_at), "pages of {limit}");
        assert_eq!(
            (&*found[0].profile.name, found[0].version, found[0].profile.node_count),
            ("agent 4, changed", 2, 1)
        );
        let mut ids: Vec<_> = found.into_iter().map(|head| head.agent_id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 23, "pages of {limit}");
    }
}

pub(crate) async fn a_search_finds_words_of_names_and_descriptions(library: &dyn Library) {
    let owner = owner();
    for (seconds, (name, description)) in
        (0..).zip([("News", "Posts to \u{dc}BERSICHT"), ("Mail", "Sends a newsletter"), ("Report 100%", "")])
    {
        create(library, &owner, &new_agent(&named(name, description), seconds)).await;
    }
    settled(library, &owner, 3).await;
    for (q, found) in [
        ("news", &["Mail", "News"][..]),
        ("NEWS mail", &["Mail"]),
        ("\u{fc}bersicht", &["News"]),
        ("100%", &["Report 100%"]),
        ("nothing", &[]),
        (" ", &["Report 100%", "Mail", "News"]),
    ] {
        assert_eq!(names(library, &owner, q).await, found, "{q}");
        let one_by_one: Vec<_> = all(library, &owner, q, 1).await.into_iter().map(|head| head.profile.name).collect();
        assert_eq!(one_by_one, found, "{q}");
    }
}

pub(crate) async fn a_history_comes_in_pages(library: &dyn Library) {
    let owner = owner();
    let mut head = create(library, &owner, &new_agent(&named("1", ""), 0)).await;
    for number in 2..=12 {
        head = save(library, &owner, &head, &named(&number.to_string(), ""), number).await;
    }
    for limit in [1, 5, 12, 50] {
        let (mut numbers, mut before) = (Vec::new(), None);
        loop {
            let page = library.versions(&owner, &head.agent_id, before, limit).await.unwrap();
            assert!(page.items.len() <= limit);
            numbers.extend(page.items.iter().map(|version| version.number));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(numbers, (1..=12).rev().collect::<Vec<_>>(), "pages of {limit}");
    }
}
