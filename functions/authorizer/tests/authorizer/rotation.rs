//! An issuer that rotates its keys, or is down.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::{invocation::Clock, timestamp::Timestamp};
use tokio::time::{Duration, Instant, timeout};

use crate::{
    fixture::{ADA, NOW, at, authorizer, claims, now},
    published::Published,
    signer::{Signer, encode},
};

const HOUR: f64 = 3600.0;

fn bearer(signer: &Signer) -> String {
    format!("Bearer {}", signer.token(&claims()))
}

#[tokio::test]
async fn a_new_key_of_the_issuer_works_at_once() {
    let (old, new) = (Signer::p256("old"), Signer::rsa("new"));
    let published = Published::keys(&[old.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&old), NOW).await.is_ok());
    published.publish(&[old.jwk(), new.jwk()]);
    assert_eq!(at(&authorizer, &bearer(&new), NOW + 31.0).await.as_deref(), Ok(ADA));
    assert!(at(&authorizer, &bearer(&old), NOW + 31.0).await.is_ok());
    assert_eq!(published.asked(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_stops_working_within_ten_minutes() {
    let (stolen, new) = (Signer::p256("stolen"), Signer::p256("new"));
    let published = Published::keys(&[stolen.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&stolen), NOW).await.is_ok());
    published.publish(&[new.jwk()]);
    assert!(at(&authorizer, &bearer(&stolen), NOW + 595.0).await.is_ok());
    assert_eq!(at(&authorizer, &bearer(&stolen), NOW + 601.0).await, Err("unknown_key"));
    // An issuer may withdraw all its keys.
    published.publish(&[]);
    assert_eq!(at(&authorizer, &bearer(&new), NOW + 1202.0).await, Err("unknown_key"));
}

#[tokio::test]
async fn a_key_replaced_under_the_same_id_stops_working_too() {
    let (old, new) = (Signer::p256("current"), Signer::p256("current"));
    let published = Published::keys(&[old.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&old), NOW).await.is_ok());
    published.publish(&[new.jwk()]);
    assert!(at(&authorizer, &bearer(&new), NOW + 601.0).await.is_ok());
    assert_eq!(at(&authorizer, &bearer(&old), NOW + 601.0).await, Err("bad_signature"));
}

/// A token of no key that the issuer has, with claims that hold.
fn made_up(number: u32) -> String {
    let header = json!({"alg": "ES256", "kid": format!("made-up-{number}")});
    format!("Bearer {}", Signer::p256("stranger").token_of(&header, &claims().to_string()))
}

#[tokio::test(start_paused = true)]
async fn tokens_with_made_up_key_ids_do_not_flood_the_issuer_or_lock_anybody_out() {
    let known = Signer::p256("known");
    let published = Published::keys(&[known.jwk()]);
    let authorizer = authorizer(published.clone());
    let mut answers = Vec::new();
    for number in 0..200 {
        let time = NOW + f64::from(number) / 2.0;
        answers.push(at(&authorizer, &made_up(number), time).await.unwrap_err());
        assert!(at(&authorizer, &bearer(&known), time).await.is_ok(), "{time}");
    }
    let asked = published.asked();
    assert!((30..=40).contains(&asked), "twenty at once, then one in five seconds: {asked} in 100 s");
    let counted = |answer: &str| answers.iter().filter(|given| **given == answer).count();
    assert_eq!((counted("unknown_key"), counted("unavailable")), (asked, 200 - asked));
    // An unsupported algorithm, and claims that no key can make hold, are rejected without a fetch.
    let wrong = known.token_of(&json!({"alg": "none"}), "{}");
    assert_eq!(at(&authorizer, &format!("Bearer {wrong}"), NOW + 300.0).await, Err("wrong_algorithm"));
    let mut elsewhere = claims();
    elsewhere["iss"] = json!("https://id.example.org/");
    let stranger = Signer::p256("stranger").token(&elsewhere);
    assert_eq!(at(&authorizer, &format!("Bearer {stranger}"), NOW + 300.0).await, Err("wrong_issuer"));
    assert_eq!(published.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_new_key_that_could_not_be_asked_for_is_not_denied_and_works_within_seconds() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let published = Published::keys(&[old.jwk()]);
    let authorizer = authorizer(published.clone());
    for number in 0..30 {
        let _ = at(&authorizer, &made_up(number), NOW).await;
    }
    published.publish(&[old.jwk(), new.jwk()]);
    // The gateway would keep a denial for a minute.
    assert_eq!(at(&authorizer, &bearer(&new), NOW).await, Err("unavailable"));
    assert_eq!(at(&authorizer, &bearer(&new), NOW + 4.0).await, Err("unavailable"));
    assert_eq!(at(&authorizer, &bearer(&new), NOW + 5.5).await.as_deref(), Ok(ADA));
}

#[tokio::test]
async fn tokens_of_a_withdrawn_key_are_denied_and_cost_the_issuer_one_request_in_five_seconds() {
    let published = Published::keys(&[Signer::p256("new").jwk()]);
    let authorizer = authorizer(published.clone());
    for tenths in 0..100 {
        let denied = at(&authorizer, &bearer(&Signer::p256("withdrawn")), NOW + f64::from(tenths) / 10.0).await;
        assert_eq!(denied, Err("unknown_key"));
    }
    assert_eq!(published.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_fetch_is_tried_again_by_the_first_token_after_one_to_two_seconds() {
    let known = Signer::p256("known");
    let mut pauses = Vec::new();
    for _ in 0..20 {
        let published = Published::default();
        let authorizer = authorizer(published.clone());
        authorizer.keys.prepare(Clock::at(Timestamp(NOW))).await;
        published.publish(&[known.jwk()]);
        let served = async |tenths: &u32| at(&authorizer, &bearer(&known), NOW + f64::from(*tenths) / 10.0).await;
        let mut tenths = 0;
        while let Err(reason) = served(&tenths).await {
            assert_eq!((reason, published.asked()), ("unavailable", 1));
            tenths += 1;
        }
        assert_eq!(published.asked(), 2);
        pauses.push(tenths);
    }
    assert!(pauses.iter().all(|pause| (10..=20).contains(pause)), "{pauses:?}");
    // Processes that failed together do not come back together.
    assert!(pauses.iter().any(|pause| pause != &pauses[0]), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn callers_who_come_together_with_a_new_key_cost_the_issuer_one_request() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let published = Published::keys(&[old.jwk(), new.jwk()]);
    published.take(Duration::from_secs(1));
    let authorizer = authorizer(published.clone());
    let header = bearer(&new);
    let together = join_all((0..10).map(|_| at(&authorizer, &header, NOW))).await;
    assert!(together.iter().all(Result::is_ok), "{together:?}");
    assert_eq!(published.asked(), 1);
    // Whoever has a key that is known does not wait for the fetch that somebody else waits for.
    let begin = Instant::now();
    let later = NOW + 601.0;
    let (unknown, known) = (made_up(1), bearer(&old));
    let (denied, (served, waited)) =
        join(at(&authorizer, &unknown, later), async { (at(&authorizer, &known, later).await, begin.elapsed()) }).await;
    assert_eq!((denied, served.is_ok(), waited), (Err("unknown_key"), true, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_its_invocation_did_not_outlive_does_not_lock_the_next_callers_out() {
    let known = Signer::p256("known");
    let published = Published::keys(&[known.jwk()]);
    published.take(Duration::from_secs(2));
    let authorizer = authorizer(published.clone());
    let header = bearer(&known);
    assert!(timeout(Duration::from_secs(1), at(&authorizer, &header, NOW)).await.is_err());
    published.take(Duration::ZERO);
    assert_eq!(at(&authorizer, &header, NOW + 0.5).await, Err("unavailable"));
    assert!(at(&authorizer, &header, NOW + 2.0).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_is_down_locks_nobody_out_for_a_day() {
    let (known, new) = (Signer::rsa("known"), Signer::p256("new"));
    let published = Published::keys(&[known.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&known), NOW).await.is_ok());
    published.go_down();
    for hours in [1.0, 12.0, 23.9] {
        assert!(at(&authorizer, &bearer(&known), NOW + hours * HOUR).await.is_ok(), "{hours} hours");
        // The key may be new, so the token cannot be called wrong.
        assert_eq!(at(&authorizer, &bearer(&new), NOW + hours * HOUR).await, Err("unavailable"));
    }
    assert_eq!(at(&authorizer, &bearer(&known), NOW + 24.0 * HOUR + 1.0).await, Err("unavailable"));
    published.publish(&[known.jwk()]);
    assert!(at(&authorizer, &bearer(&known), NOW + 24.1 * HOUR).await.is_ok());
    assert_eq!(at(&authorizer, &bearer(&new), NOW + 24.1 * HOUR).await, Err("unknown_key"));
}

#[tokio::test]
async fn callers_with_known_keys_seldom_wait_for_an_issuer_that_is_down() {
    let known = Signer::p256("known");
    let published = Published::keys(&[known.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&known), NOW).await.is_ok());
    published.go_down();
    for time in 0..60 {
        assert!(at(&authorizer, &bearer(&known), NOW + 700.0 + f64::from(time)).await.is_ok());
    }
    assert_eq!(published.asked(), 3, "at the start, then every half minute");
}

#[tokio::test]
async fn a_clock_set_back_does_not_keep_keys_alive() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let published = Published::keys(&[old.jwk()]);
    let authorizer = authorizer(published.clone());
    assert!(at(&authorizer, &bearer(&old), NOW + HOUR).await.is_ok());
    published.publish(&[new.jwk()]);
    assert!(at(&authorizer, &bearer(&new), NOW).await.is_ok());
    assert_eq!(at(&authorizer, &bearer(&old), NOW).await, Err("unknown_key"));
}

#[tokio::test]
async fn a_token_without_a_key_id_is_accepted_if_only_one_key_can_have_signed_it() {
    let (rsa, first, second) = (Signer::rsa("r"), Signer::p256("a"), Signer::p256("b"));
    let unnamed = |signer: &Signer| signer.token_of(&json!({"alg": signer.algorithm()}), &claims().to_string());
    let one_of_each = authorizer(Published::keys(&[rsa.jwk(), first.jwk()]));
    assert!(now(&one_of_each, &unnamed(&rsa)).await.is_ok());
    assert!(now(&one_of_each, &unnamed(&first)).await.is_ok());
    assert_eq!(now(&one_of_each, &unnamed(&second)).await, Err("bad_signature"));
    let several = authorizer(Published::keys(&[first.jwk(), second.jwk()]));
    assert_eq!(now(&several, &unnamed(&first)).await, Err("unknown_key"));
}

fn changed(signer: &Signer, changes: Value) -> Value {
    let mut key = signer.jwk();
    key.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    key
}

#[tokio::test]
async fn unsuitable_keys_are_skipped_and_do_not_hide_the_others() {
    let (rsa, p256) = (Signer::rsa("r"), Signer::p256("e"));
    // 1024 bits, and 1024 bits padded with zeros to look like 2048.
    let short = [encode([0xff; 128]), encode([&[0; 128][..], &[0xff; 128]].concat())];
    for (signer, key) in [
        (&rsa, changed(&rsa, json!({"use": "enc"}))),
        (&rsa, changed(&rsa, json!({"key_ops": ["encrypt"]}))),
        (&rsa, changed(&rsa, json!({"alg": "RS512"}))),
        (&rsa, changed(&rsa, json!({"alg": "RSA-OAEP"}))),
        (&rsa, changed(&rsa, json!({"n": short[0]}))),
        (&rsa, changed(&rsa, json!({"n": short[1]}))),
        (&rsa, changed(&rsa, json!({"n": "not/base64"}))),
        (&rsa, changed(&rsa, json!({"kty": "oct", "k": "c2VjcmV0"}))),
        (&p256, changed(&p256, json!({"crv": "P-384"}))),
        (&p256, changed(&p256, json!({"crv": "secp256k1"}))),
        (&p256, changed(&p256, json!({"x": encode([1; 31])}))),
        (&p256, changed(&p256, json!({"alg": "RS256"}))),
        (&p256, json!("no object")),
    ] {
        let other = Signer::p256("other");
        let authorizer = authorizer(Published::keys(&[key.clone(), other.jwk()]));
        assert_eq!(at(&authorizer, &bearer(signer), NOW).await, Err("unknown_key"), "{key}");
        assert!(at(&authorizer, &bearer(&other), NOW).await.is_ok(), "{key}");
    }
    // Valid variants: one id for two types of key, leading zeros in a number, `key_ops` instead of `use`.
    let (same, zeros) = (Signer::p256("r"), rsa.jwk()["n"].as_str().unwrap().to_owned());
    let modulus = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, zeros).unwrap();
    let padded = changed(&rsa, json!({"n": encode([&[0][..], &modulus].concat()), "key_ops": ["verify"], "alg": null}));
    let authorizer = authorizer(Published::keys(&[same.jwk(), padded]));
    for signer in [&rsa, &same] {
        assert!(at(&authorizer, &bearer(signer), NOW).await.is_ok(), "{}", signer.algorithm());
    }
}

#[tokio::test]
async fn a_set_of_more_than_a_hundred_keys_is_rejected() {
    let known = Signer::p256("known");
    let set = |count: usize| authorizer(Published::keys(&vec![known.jwk(); count]));
    assert!(at(&set(100), &bearer(&known), NOW).await.is_ok());
    assert_eq!(at(&set(101), &bearer(&known), NOW).await, Err("unavailable"));
}
