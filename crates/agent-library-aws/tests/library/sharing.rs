//! Owners.

use agent_library::ports::{Library, Saved, Transferred};
use futures_util::future::join;

use crate::{
    agents::{at, create, named, new_agent, noisy, owner, save, soon, text, version_of},
    listing::{names, settled},
};

pub(crate) async fn nobody_sees_or_changes_what_is_not_theirs(library: &dyn Library) {
    let (ada, bob) = (owner(), owner());
    let head = create(library, &ada, &new_agent(&named("secret", ""), 0)).await;
    settled(library, &ada, 1).await;
    let id = &head.agent_id;
    assert!(library.head(&bob, id).await.unwrap().is_none());
    assert!(library.text(&bob, id, &head.body).await.unwrap().is_none());
    assert!(library.version(&bob, id, 1).await.unwrap().is_none());
    assert!(library.versions(&bob, id, None, 10).await.unwrap().items.is_empty());
    assert!(names(library, &bob, "").await.is_empty() && names(library, &bob, "secret").await.is_empty());
    assert!(!library.delete(&bob, id, at(1)).await.unwrap());
    let saved = library.save(&bob, &head, &version_of(&named("stolen", ""), 1)).await.unwrap();
    assert!(matches!(saved, Saved::Gone), "{saved:?}");
    library.delete(&ada, id, at(1)).await.unwrap();
    assert!(library.undelete(&bob, id, at(2)).await.unwrap().is_none());
    assert!(library.undelete(&ada, id, at(2)).await.unwrap().is_some());
}

pub(crate) async fn all_agents_go_over_to_another_owner_with_their_versions(library: &dyn Library) {
    let (old, new) = (owner(), owner());
    let long = noisy(400_000);
    let first = create(library, &old, &new_agent(&named("one", ""), 0)).await;
    let second = save(library, &old, &first, &long, 1).await;
    create(library, &old, &new_agent(&named("two", ""), 2)).await;
    let deleted = create(library, &old, &new_agent(&named("deleted", ""), 3)).await;
    library.delete(&old, &deleted.agent_id, at(4)).await.unwrap();
    settled(library, &old, 2).await;
    let moved = library.transfer(&old, &new, at(5), soon()).await.unwrap();
    assert_eq!(moved, Transferred { agents: 2, more: false });
    assert!(names(library, &old, "").await.is_empty());
    settled(library, &new, 2).await;
    // What the old owner had goes for good; the new owner's stays.
    library.sweep(at(100_000), soon()).await.unwrap();
    assert!(library.undelete(&old, &first.agent_id, at(5)).await.unwrap().is_none());
    let head = library.head(&new, &first.agent_id).await.unwrap().unwrap();
    assert_eq!(head.etag(), second.etag());
    for (number, expected) in [(1, named("one", "")), (2, long)] {
        let version = library.version(&new, &first.agent_id, number).await.unwrap().unwrap();
        assert!(text(library, &new, &first.agent_id, &version.body).await == expected, "version {number}");
    }
    save(library, &new, &head, &named("three", ""), 6).await;
    let again = library.transfer(&old, &new, at(7), soon()).await.unwrap();
    assert_eq!(again, Transferred { agents: 0, more: false });
}

pub(crate) async fn an_agent_that_is_changed_on_its_way_goes_over_whole(library: &dyn Library) {
    let second = version_of(&named("two", ""), 1);
    for round in 0..5 {
        let (old, new) = (owner(), owner());
        let head = create(library, &old, &new_agent(&named("one", ""), 0)).await;
        settled(library, &old, 1).await;
        let (moved, saved) =
            join(library.transfer(&old, &new, at(2), soon()), library.save(&old, &head, &second)).await;
        let (newest, expected) = match saved.unwrap() {
            Saved::Now(saved) => (saved.version, named("two", "")),
            _ => (1, named("one", "")),
        };
        // Whoever asks is told that it stayed.
        if moved.unwrap().more {
            settled(library, &old, 1).await;
            library.transfer(&old, &new, at(3), soon()).await.unwrap();
        }
        let head = library.head(&new, &head.agent_id).await.unwrap().unwrap();
        assert_eq!(head.version, newest, "round {round}");
        assert!(library.version(&new, &head.agent_id, newest).await.unwrap().is_some(), "round {round}");
        assert_eq!(text(library, &new, &head.agent_id, &head.body).await, expected, "round {round}");
    }
}
