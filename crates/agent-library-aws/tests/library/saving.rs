//! Creation and new versions.

use std::collections::HashSet;

use agent_library::{
    head::NewAgent,
    ports::{Created, Library, Saved},
    version::{NewVersion, Origin},
};
use futures_util::future::{join, join_all};

use crate::agents::{at, create, named, new_agent, noisy, owner, save, text, version_of};

pub(crate) async fn an_agent_of_any_size_is_read_back_byte_for_byte(library: &dyn Library) {
    let owner = owner();
    for bytes in [0, 1_000, 300_000, 310_000, 4_000_000] {
        let agent = noisy(bytes);
        let head = create(library, &owner, &new_agent(&agent, 0)).await;
        assert!(text(library, &owner, &head.agent_id, &head.body).await == agent, "{bytes}");
        let read = library.head(&owner, &head.agent_id).await.unwrap().unwrap();
        assert_eq!((read.version, read.etag(), read.body), (1, head.etag(), head.body), "{bytes}");
    }
}

pub(crate) async fn of_two_editors_one_wins_each_of_100_rounds_and_the_other_is_told(library: &dyn Library) {
    let owner = owner();
    let mut head = create(library, &owner, &new_agent(&named("round 0", ""), 0)).await;
    let mut won = vec![named("round 0", "")];
    for round in 1..=100 {
        let [a, b] = ["a", "b"].map(|editor| named(&format!("round {round}"), editor));
        let (first, second) = (version_of(&a, round), version_of(&b, round));
        let (first, second) = join(library.save(&owner, &head, &first), library.save(&owner, &head, &second)).await;
        let (winner, told, text) = match (first.unwrap(), second.unwrap()) {
            (Saved::Now(winner), Saved::Conflict(told)) => (winner, told, a),
            (Saved::Conflict(told), Saved::Now(winner)) => (winner, told, b),
            other => panic!("round {round}: {other:?}"),
        };
        assert_eq!((told.version, told.etag()), (winner.version, winner.etag()), "round {round}");
        head = *winner;
        won.push(text);
    }
    for (number, expected) in (1_u32..).zip(&won) {
        let version = library.version(&owner, &head.agent_id, number).await.unwrap().unwrap();
        assert_eq!(&text(library, &owner, &head.agent_id, &version.body).await, expected, "version {number}");
    }
    assert!(library.version(&owner, &head.agent_id, 102).await.unwrap().is_none());
}

pub(crate) async fn of_twenty_who_create_one_agent_one_does(library: &dyn Library) {
    let (owner, new) = (owner(), new_agent(&named("one", ""), 0));
    let created = join_all((0..20).map(|_| library.create(&owner, &new))).await;
    let new = created.into_iter().filter(|created| matches!(created, Ok(Created::New(_)))).count();
    assert_eq!(new, 1);
}

pub(crate) async fn a_repeated_creation_finds_the_first_one(library: &dyn Library) {
    let owner = owner();
    let new = NewAgent { request: Some("fingerprint".to_owned()), ..new_agent(&named("one", ""), 0) };
    let head = create(library, &owner, &new).await;
    let changed = save(library, &owner, &head, &named("two", ""), 1).await;
    for deleted in [false, true] {
        let Created::Existing { request } = library.create(&owner, &new).await.unwrap() else {
            panic!("created twice")
        };
        assert_eq!(request.as_deref(), Some("fingerprint"));
        let newest = library.head(&owner, &head.agent_id).await.unwrap();
        assert_eq!(newest.map(|newest| newest.etag()), Some(changed.etag()).filter(|_| !deleted));
        library.delete(&owner, &head.agent_id, at(2)).await.unwrap();
    }
}

pub(crate) async fn an_old_version_stays_as_it_was_and_the_history_says_how_each_came_about(library: &dyn Library) {
    let (owner, texts) = (owner(), [named("one", ""), noisy(400_000), named("three", "")]);
    let first = create(library, &owner, &new_agent(&texts[0], 0)).await;
    let second = save(library, &owner, &first, &texts[1], 1).await;
    let third = save(library, &owner, &second, &texts[2], 2).await;
    // Restoring is saving again.
    let fourth = save(library, &owner, &third, &texts[1], 3).await;
    assert_eq!((fourth.version, &fourth.digest, fourth.etag() == second.etag()), (4, &second.digest, false));
    let etags: HashSet<_> = [&first, &second, &third, &fourth].map(|head| head.etag()).into();
    assert_eq!(etags.len(), 4);
    for (number, expected) in (1_u32..).zip(&texts) {
        let version = library.version(&owner, &first.agent_id, number).await.unwrap().unwrap();
        assert!(text(library, &owner, &first.agent_id, &version.body).await == *expected, "version {number}");
        assert_eq!((version.number, version.created_at), (number, at(u64::from(number) - 1)));
        assert_eq!((version.story.origin, version.story.wish.as_deref()), (Origin::Replaced, Some("post to #news")));
    }
}

pub(crate) async fn what_one_piece_of_work_saves_again_is_not_saved_twice(library: &dyn Library) {
    let owner = owner();
    let mut new = new_agent(&named("first", ""), 0);
    new.first.work = Some("made".to_owned());
    let first = create(library, &owner, &new).await;
    let id = &first.agent_id;
    assert_eq!(library.saved_by(&owner, id, "made").await.unwrap(), Some(1));
    let by = |work: &str, name: &str| NewVersion { work: Some(work.to_owned()), ..version_of(&named(name, ""), 1) };
    let second = match library.save(&owner, &first, &by("w", "second")).await.unwrap() {
        Saved::Now(head) => head,
        other => panic!("{other:?}"),
    };
    // Whichever version it begins with, whatever it made this time, and whoever has gone on meanwhile.
    for head in [&first, &second] {
        assert!(matches!(library.save(&owner, head, &by("w", "again")).await.unwrap(), Saved::Before(2)));
    }
    let third = save(library, &owner, &second, &named("third", ""), 2).await;
    assert!(matches!(library.save(&owner, &third, &by("w", "again")).await.unwrap(), Saved::Before(2)));
    assert_eq!(library.saved_by(&owner, id, "w").await.unwrap(), Some(2));
    assert_eq!(library.saved_by(&owner, id, "another").await.unwrap(), None);
    assert_eq!(library.saved_by(&crate::agents::owner(), id, "w").await.unwrap(), None);
    let (a, b) = (by("both", "a"), by("both", "b"));
    let (a, b) = join(library.save(&owner, &third, &a), library.save(&owner, &third, &b)).await;
    assert!(matches!((a.unwrap(), b.unwrap()), (Saved::Now(_), Saved::Before(4)) | (Saved::Before(4), Saved::Now(_))));
}
