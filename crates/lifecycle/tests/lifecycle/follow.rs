//! A caller who listens to an operation hears every entry once, in order, and the end, whatever happens meanwhile.

use std::time::Duration;

use lifecycle::{
    memory::Call,
    ports::{Claim, OperationStore},
    progress::{Begun, Entry, Follow, LogReader, ProgressLog, Told},
    record::{By, NewOperation, OperationRecord, Outcome},
};
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    prop_assert_eq, proptest,
    test_runner::TestCaseError,
};
use shared::{caller::Owner, progress::Step};
use tokio::time::{sleep, timeout};

use crate::fixture::{Fixture, REQUEST};

/// What happens to one operation, all times in milliseconds.
#[derive(Debug, Clone)]
struct Story {
    /// The pause before a write, and its number of entries.
    writes: Vec<(u64, u32)>,
    end: End,
    /// The time until the answer of a read comes.
    records_late: Vec<u64>,
    entries_late: Vec<u64>,
    outcomes_late: Vec<u64>,
    refused: usize,
    /// How long each connection of the watcher lives; the ones after these live on.
    cuts: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Completes,
    Cancelled,
    /// Nobody ends it before its deadline.
    Forgotten,
}

fn stories() -> impl Strategy<Value = Story> {
    let late = || vec(0..700_u64, 0..12);
    let end = any::<u8>().prop_map(|number| match number % 3 {
        0 => End::Completes,
        1 => End::Cancelled,
        _ => End::Forgotten,
    });
    (vec((0..1_500_u64, 1..4_u32), 0..10), end, late(), late(), late(), 0..4_usize, vec(0..4_000_u64, 0..8)).prop_map(
        |(writes, end, records_late, entries_late, outcomes_late, refused, cuts)| Story {
            writes,
            end,
            records_late,
            entries_late,
            outcomes_late,
            refused,
            cuts,
        },
    )
}

impl Story {
    fn play(&self) -> (Vec<Entry>, Vec<Entry>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new([]);
            let new = fixture.operation(REQUEST, &[]);
            let new = NewOperation { deadline: new.created_at.after(Duration::from_secs(30)), ..new };
            fixture.store.create(&new).await.unwrap();
            let times = |times: &[u64]| times.iter().copied().map(Duration::from_millis).collect::<Vec<_>>();
            fixture.store.answer_late(Call::Get, times(&self.records_late));
            fixture.store.answer_late(Call::Entries, times(&self.entries_late));
            fixture.store.answer_late(Call::GetWithOutcome, times(&self.outcomes_late));
            for call in [Call::Get, Call::Entries, Call::GetWithOutcome] {
                fixture.store.refuse(call, self.refused);
            }
            let heard = timeout(Duration::from_secs(300), listen(&fixture, &self.cuts));
            let (written, heard) = tokio::join!(self.write(&fixture), heard);
            (written, heard.unwrap())
        })
    }

    async fn write(&self, fixture: &Fixture) -> Vec<Entry> {
        let (store, now) = (&fixture.store, || fixture.clock.now());
        let claim = store.claim("op", now(), now().after(Duration::from_secs(90))).await.unwrap();
        let Claim::Taken { mut record, fence, .. } = claim else { panic!("not taken") };
        let mut written = Vec::new();
        for (number, (pause, count)) in self.writes.iter().enumerate() {
            sleep(Duration::from_millis(*pause)).await;
            let entries: Vec<_> = (1..=*count).map(|number| step(&record, number)).collect();
            written.extend_from_slice(&entries);
            if self.end == End::Completes && number + 1 == self.writes.len() {
                let outcome = Outcome::Completed("{}".to_owned());
                store.finish_telling("op", By::Claim(fence), &outcome, &entries, now()).await.unwrap();
                return written;
            }
            record.logged = store.append(&record, &entries, now()).await.unwrap().unwrap().logged().unwrap();
        }
        let (by, outcome) = match self.end {
            End::Completes => (By::Claim(fence), Outcome::Completed("{}".to_owned())),
            End::Cancelled => (By::Anyone(record.creation), Outcome::Cancelled),
            End::Forgotten => return written,
        };
        store.finish("op", by, &outcome, now()).await.unwrap();
        written
    }
}

fn step(record: &OperationRecord, number: u32) -> Entry {
    let told = Told::Step { name: Step::Planning, detail: Some(format!("{number}")) };
    Entry { seq: record.logged.last + number, at: "now".to_owned(), attempt: 1, told }
}

fn reader(fixture: &Fixture) -> LogReader {
    LogReader { store: fixture.store.clone(), log: fixture.store.clone() }
}

/// What a watcher hears which comes back with the number of the last entry that it has.
async fn listen(fixture: &Fixture, cuts: &[u64]) -> Vec<Entry> {
    let mut cuts = cuts.iter().copied();
    let mut heard: Vec<Entry> = Vec::new();
    loop {
        let after = heard.last().map_or(0, |entry| entry.seq);
        let left = Duration::from_millis(cuts.next().unwrap_or(90_000));
        match timeout(left, hear(fixture, after, &mut heard)).await {
            Ok(true) => return heard,
            // Refused: the client comes back.
            Ok(false) => sleep(Duration::from_secs(2)).await,
            // Cut.
            Err(_) => {}
        }
    }
}

/// True at the end; false if the connection is refused.
async fn hear(fixture: &Fixture, after: u32, heard: &mut Vec<Entry>) -> bool {
    let (ports, owner) = (reader(fixture), Owner("caller".into()));
    match Follow::begin(ports, "op", Some(&owner), after, fixture.invocation(100)).await {
        Ok(Some(Begun::Follows(mut follow))) => {
            while let Some(entries) = follow.next().await {
                heard.extend(entries);
            }
            true
        }
        Ok(Some(Begun::AllSeen)) => true,
        Ok(None) => panic!("the owner may read"),
        Err(_) => false,
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_comes_twice_whatever_happens_between_two_reads(story in stories()) {
        let (written, heard) = story.play();
        let (end, rest) = heard.split_last().ok_or_else(|| TestCaseError::fail("nothing is heard"))?;
        prop_assert_eq!(rest.first().map(|entry| &entry.told), Some(&Told::Accepted));
        prop_assert_eq!(&rest[1..], &written[..]);
        prop_assert_eq!(heard.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=end.seq).collect::<Vec<_>>());
        let expected = match story.end {
            End::Completes => "completed",
            End::Cancelled => "cancelled",
            End::Forgotten => "failed",
        };
        prop_assert_eq!(end.told.name(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_seen_the_end_is_told_so_and_a_stranger_learns_nothing() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.work().await;
    let begin = async |owner: &str, after| {
        let ports = reader(&fixture);
        Follow::begin(ports, "op", Some(&Owner(owner.into())), after, fixture.invocation(100)).await.unwrap()
    };
    assert!(matches!(begin("caller", 3).await, Some(Begun::Follows(_))), "the end is still to come");
    for after in [4, 5, u32::MAX] {
        assert!(matches!(begin("caller", after).await, Some(Begun::AllSeen)), "{after}");
    }
    assert!(begin("stranger", 0).await.is_none());
    assert_eq!(fixture.store.calls(Call::Append), 0, "a watcher writes nothing");
}

#[tokio::test(start_paused = true)]
async fn a_watcher_of_a_long_silence_reads_every_two_seconds_and_hears_the_next_entry_soon() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let ports = reader(&fixture);
    let begun = Follow::begin(ports, "op", Some(&Owner("caller".into())), 1, fixture.invocation(100)).await;
    let Some(Begun::Follows(mut follow)) = begun.unwrap() else { panic!("it runs") };
    assert!(timeout(Duration::from_secs(60), follow.next()).await.is_err(), "nothing happens");
    let reads = fixture.store.calls(Call::Get);
    assert!((28..=34).contains(&reads), "{reads} reads in a minute");
    fixture.work().await;
    let heard = timeout(Duration::from_secs(3), follow.next()).await.unwrap().unwrap();
    assert_eq!(heard.last().map(|entry| entry.told.name()), Some("completed"));
    assert!(follow.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_is_gone_ends_its_stream_and_never_shows_its_successor() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let ports = reader(&fixture);
    let begun = Follow::begin(ports, "op", Some(&Owner("caller".into())), 0, fixture.invocation(100)).await;
    let Some(Begun::Follows(mut follow)) = begun.unwrap() else { panic!("it runs") };
    assert_eq!(follow.next().await.unwrap().len(), 1);
    // Past its retention, the id belongs to another operation.
    sleep(Duration::from_secs(8 * 86_400)).await;
    fixture.start().await;
    fixture.work().await;
    assert!(follow.next().await.is_none());
}
