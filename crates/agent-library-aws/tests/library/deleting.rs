//! Deletion, and the way back.

use agent_library::ports::{Created, KEPT_AFTER_DELETION, Library, Saved};

use crate::{
    agents::{at, create, named, new_agent, owner, save, soon, text, version_of},
    listing::{names, settled},
};

const DAYS_30: u64 = KEPT_AFTER_DELETION.as_secs();

pub(crate) async fn a_deleted_agent_is_gone_from_lists_at_once_and_can_be_had_back(library: &dyn Library) {
    let owner = owner();
    let kept = create(library, &owner, &new_agent(&named("kept", ""), 0)).await;
    let head = create(library, &owner, &new_agent(&named("deleted", ""), 1)).await;
    settled(library, &owner, 2).await;
    // Twice: an answer can be lost.
    for _ in 0..2 {
        assert!(library.delete(&owner, &head.agent_id, at(10)).await.unwrap());
        assert_eq!(names(library, &owner, "").await, ["kept"]);
    }
    assert!(library.head(&owner, &head.agent_id).await.unwrap().is_none());
    let saved = library.save(&owner, &head, &version_of(&named("x", ""), 11)).await.unwrap();
    assert!(matches!(saved, Saved::Gone), "{saved:?}");
    for _ in 0..2 {
        let back = library.undelete(&owner, &head.agent_id, at(DAYS_30)).await.unwrap().unwrap();
        assert_eq!(back.etag(), head.etag());
    }
    settled(library, &owner, 2).await;
    assert_eq!(text(library, &owner, &head.agent_id, &head.body).await, named("deleted", ""));
    save(library, &owner, &head, &named("x", ""), 12).await;
    assert!(!library.delete(&owner, "unknown", at(10)).await.unwrap());
    assert!(library.undelete(&owner, "unknown", at(10)).await.unwrap().is_none());
    assert!(library.head(&owner, &kept.agent_id).await.unwrap().is_some());
}

pub(crate) async fn nobody_gets_an_agent_back_after_30_days_and_its_id_is_free(library: &dyn Library) {
    for swept in [false, true] {
        let (owner, new) = (owner(), new_agent(&named("old", ""), 0));
        let head = create(library, &owner, &new).await;
        save(library, &owner, &head, &named("second", ""), 1).await;
        library.delete(&owner, &head.agent_id, at(2)).await.unwrap();
        let late = DAYS_30 + 8_000;
        assert!(library.undelete(&owner, &head.agent_id, at(late)).await.unwrap().is_none());
        assert!(!library.delete(&owner, &head.agent_id, at(late)).await.unwrap());
        if swept {
            assert!(library.sweep(at(late), soon()).await.unwrap().purged >= 1);
            assert!(library.text(&owner, &head.agent_id, &head.body).await.unwrap().is_none());
            assert!(library.version(&owner, &head.agent_id, 1).await.unwrap().is_none());
        }
        let mut again = new.clone();
        again.first = version_of(&named("new", ""), late);
        let mut created = library.create(&owner, &again).await.unwrap();
        if !swept {
            assert!(matches!(created, Created::Expired), "{created:?}");
            library.purge(&owner, &head.agent_id, at(late)).await.unwrap();
            created = library.create(&owner, &again).await.unwrap();
        }
        assert!(matches!(created, Created::New(_)), "{created:?}");
        assert!(library.version(&owner, &head.agent_id, 2).await.unwrap().is_none(), "a version of the old agent");
    }
}
