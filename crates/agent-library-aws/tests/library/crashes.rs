//! A writer that dies at any step between bucket and table.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use agent_library::ports::{AgentStore as _, Library, Saved, Transferred};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::{
    agents::{at, create, named, new_agent, noisy, owner, save, soon, text, version_of},
    cloud::Cloud,
};

/// A way to the cloud that ends before, or after, a request has got there.
struct Way {
    address: String,
    /// Requests that were sent on.
    passed: Arc<AtomicUsize>,
    ended: Arc<Notify>,
}

/// Lets `requests` pass. Of the next one nothing arrives, or, if `is_lost`, its answer does not come back.
async fn way(authority: &str, requests: usize, is_lost: bool) -> Way {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (passed, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let way = Way { address, passed: Arc::clone(&passed), ended: Arc::clone(&ended) };
    let authority = authority.to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (passed, ended, authority) = (Arc::clone(&passed), Arc::clone(&ended), authority.clone());
            tokio::spawn(async move { one(client, &authority, (requests, is_lost), (&passed, &ended)).await });
        }
    });
    way
}

/// One connection for each request: the way asks both sides to close.
async fn one(
    mut client: TcpStream,
    authority: &str,
    (requests, is_lost): (usize, bool),
    (passed, ended): (&AtomicUsize, &Notify),
) {
    let Some(request) = read_request(&mut client).await else { return };
    let number = passed.fetch_add(1, Ordering::SeqCst);
    if number > requests || (number == requests && !is_lost) {
        ended.notify_one();
        return;
    }
    let mut cloud = TcpStream::connect(authority).await.unwrap();
    cloud.write_all(&request).await.unwrap();
    if number == requests {
        // The cloud has done it when it answers.
        cloud.read_u8().await.unwrap();
        ended.notify_one();
        return;
    }
    let _ = copy_bidirectional(&mut client, &mut cloud).await;
}

/// A whole request, which asks to close the connection behind it. `None` if the client is gone.
pub(crate) async fn read_request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next()?.trim().parse().ok());
    let whole = head + length.unwrap_or(0);
    while bytes.len() < whole {
        client.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
    }
    let mut request = bytes[..head - 2].to_vec();
    request.extend_from_slice(b"connection: close\r\n\r\n");
    request.extend_from_slice(&bytes[head..]);
    Some(request)
}

#[tokio::test]
async fn wherever_a_writer_dies_no_version_lacks_its_text_and_the_sweep_finds_what_is_left() {
    let Some(cloud) = Cloud::new().await else { return };
    let (owner, long) = (owner(), noisy(400_000));
    let mut orphans = 0;
    // Looking for the text, the upload, the transaction.
    for (requests, is_lost) in (0..3).flat_map(|step| [(step, false), (step, true)]) {
        let head = create(&cloud.shelf, &owner, &new_agent(&named("one", ""), 0)).await;
        let way = way(&cloud.authority, requests, is_lost).await;
        let shelf = cloud.behind(&way.address);
        let second = version_of(&long, 1);
        tokio::select! {
            () = way.ended.notified() => {}
            saved = shelf.save(&owner, &head, &second) => panic!("step {requests} {is_lost}: {saved:?}"),
        }
        let newest = cloud.shelf.head(&owner, &head.agent_id).await.unwrap().unwrap();
        let is_done = requests == 2 && is_lost;
        assert_eq!(newest.version, if is_done { 2 } else { 1 }, "step {requests} {is_lost}");
        // Whatever the head points at is there, also after a sweep that takes everything for old.
        orphans += cloud.shelf.sweep(at(1_000_000), soon()).await.unwrap().orphans;
        let found = text(&cloud.shelf, &owner, &head.agent_id, &newest.body).await;
        assert!(found == if is_done { long.clone() } else { named("one", "") }, "step {requests} {is_lost}");
        // And a repeat gets on.
        let saved = cloud.shelf.save(&owner, &newest, &version_of(&long, 2)).await.unwrap();
        let Saved::Now(saved) = saved else { panic!("step {requests} {is_lost}: {saved:?}") };
        assert!(text(&cloud.shelf, &owner, &head.agent_id, &saved.body).await == long, "step {requests} {is_lost}");
        assert_eq!(cloud.shelf.sweep(at(1_000_000), soon()).await.unwrap().orphans, 0, "step {requests} {is_lost}");
    }
    // Uploaded, but in no version: the answer of the upload was lost, or the transaction never came.
    assert_eq!(orphans, 2);
}

#[tokio::test]
async fn wherever_a_transfer_dies_an_agent_has_one_owner_and_the_next_one_goes_on() {
    let Some(cloud) = Cloud::new().await else { return };
    let long = noisy(400_000);
    for requests in 0..40 {
        let (old, new) = (owner(), owner());
        let first = create(&cloud.shelf, &old, &new_agent(&named("one", ""), 0)).await;
        let second = save(&cloud.shelf, &old, &first, &long, 1).await;
        crate::listing::settled(&cloud.shelf, &old, 1).await;
        let way = way(&cloud.authority, requests, true).await;
        let shelf = cloud.behind(&way.address);
        let is_whole = tokio::select! {
            () = way.ended.notified() => false,
            moved = shelf.transfer(&old, &new, at(2), soon()) => moved.unwrap().agents == 1,
        };
        let (theirs, mine) = (cloud.shelf.head(&old, &first.agent_id), cloud.shelf.head(&new, &first.agent_id));
        assert_ne!(theirs.await.unwrap().is_some(), mine.await.unwrap().is_some(), "{requests} requests");
        let again = cloud.shelf.transfer(&old, &new, at(3), soon()).await.unwrap();
        assert!(!again.more, "{requests} requests: {again:?}");
        let head = cloud.shelf.head(&new, &first.agent_id).await.unwrap().unwrap();
        assert_eq!(head.etag(), second.etag(), "{requests} requests");
        for (number, expected) in [(1, named("one", "")), (2, long.clone())] {
            let version = cloud.shelf.version(&new, &first.agent_id, number).await.unwrap().unwrap();
            let found = text(&cloud.shelf, &new, &first.agent_id, &version.body).await;
            assert!(found == expected, "{requests} requests, version {number}");
        }
        if is_whole {
            return;
        }
    }
    panic!("a transfer takes 40 requests");
}

#[tokio::test]
async fn a_transfer_stops_in_time_and_says_that_there_is_more() {
    let Some(cloud) = Cloud::new().await else { return };
    let (old, new) = (owner(), owner());
    create(&cloud.shelf, &old, &new_agent(&named("one", ""), 0)).await;
    crate::listing::settled(&cloud.shelf, &old, 1).await;
    for (end, moved) in [
        (tokio::time::Instant::now(), Transferred { agents: 0, more: true }),
        (soon(), Transferred { agents: 1, more: false }),
    ] {
        assert_eq!(cloud.shelf.transfer(&old, &new, at(2), end).await.unwrap(), moved);
    }
}

#[tokio::test]
async fn a_long_text_is_uploaded_once_for_all_versions_that_have_it() {
    let Some(cloud) = Cloud::new().await else { return };
    let (owner, long) = (owner(), noisy(400_000));
    let way = way(&cloud.authority, usize::MAX, false).await;
    let shelf = cloud.behind(&way.address);
    let mut head = create(&shelf, &owner, &new_agent(&long, 0)).await;
    let first = way.passed.swap(0, Ordering::SeqCst);
    for (seconds, text) in [(1, named("between", "")), (2, long.clone())] {
        let Ok(Saved::Now(next)) = shelf.save(&owner, &head, &version_of(&text, seconds)).await else { panic!() };
        head = *next;
    }
    // Look, upload, write; then write, and look and write.
    assert_eq!((first, way.passed.load(Ordering::SeqCst)), (3, 3));
    assert!(text(&shelf, &owner, &head.agent_id, &head.body).await == long);
}

#[tokio::test]
async fn a_page_of_a_list_is_one_query_and_one_read_and_a_search_two_queries_at_most() {
    let Some(cloud) = Cloud::new().await else { return };
    let owner = owner();
    for number in 0..30 {
        create(&cloud.shelf, &owner, &new_agent(&named(&format!("agent {number}"), "posts news"), number)).await;
    }
    crate::listing::settled(&cloud.shelf, &owner, 30).await;
    for (q, most) in [("", 2), ("news", 3), ("nothing", 2)] {
        let way = way(&cloud.authority, usize::MAX, false).await;
        let search = agent_library::search::Search::new(q, 20, None);
        cloud.behind(&way.address).heads(&owner, &search).await.unwrap();
        let asked = way.passed.load(Ordering::SeqCst);
        assert!((1..=most).contains(&asked), "{q}: {asked}");
    }
}
